/** Of the editor and its heat map. */
export const css = `
.week { table-layout: fixed; min-width: 36rem; border-spacing: 0; }
.week th, .week td { padding: 0.3rem 0.1rem; border: 1px solid var(--surface); text-align: center; font-size: 0.8rem; }
.week thead th { font-weight: 500; text-align: left; }
.week tbody th { width: 3.2rem; text-align: left; font-weight: 600; }
.week tbody tr:hover { background: none; }
.week col:first-child { width: 3.4rem; }
.week .level { border-radius: 3px; white-space: nowrap; overflow: hidden; }
.week .gap { background: repeating-linear-gradient(45deg, var(--warning-ground) 0 6px, transparent 6px 10px); color: var(--warning-text); }
.editor { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-items: start; }
@media (width >= 90rem) { .editor { grid-template-columns: minmax(24rem, 5fr) minmax(0, 7fr); } }
.editor > div { display: flex; flex-direction: column; gap: 1rem; min-width: 0; }
.editor .form { grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr)); }
.editor h3 { margin-top: 1.25rem; }
.finding .state { align-items: start; }
.finding .mark { margin-top: 0.25rem; }
.band { display: grid; gap: 0.5rem; padding: 0.7rem 0; border-top: 1px solid var(--line); }
.band-days { display: flex; flex-wrap: wrap; gap: 0.15rem 0.7rem; margin: 0; padding: 0; border: 0; }
.band-days label { display: inline-flex; align-items: center; gap: 0.3rem; min-height: 1.75rem; }
.tariff-json { width: 100%; min-height: 22rem; }
`;
