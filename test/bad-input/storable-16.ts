import { POSITIVE, SOME } from './case.ts';
import { type Bad, meter, started, stopped, ACCEPTED, ENERGY, OVER } from './frames-16.ts';

/** What no database can store as it comes. */
export const storable: readonly Bad[] = (
  [
    {
      id: 'BI-038',
      title: 'NUL in a text',
      steps: [
        {
          send: String.raw`[2,"1","BootNotification",{"chargePointVendor":"V\u0000x","chargePointModel":"M"}]`,
          gives: ACCEPTED,
        },
      ],
      station: { vendor: 'V\uFFFDx' },
    },
    {
      id: 'BI-038',
      title: 'NUL in every text of a start and a stop',
      steps: [
        {
          send: String.raw`[2,"s\u0000","StartTransaction",{"connectorId":1,"idTag":"«tag»","meterStart":1000,"timestamp":"«-600»","x\u0000":"\u0000"}]`,
          gives: { result: { transactionId: POSITIVE } },
          keep: { tx: 'transactionId' },
        },
        {
          send: String.raw`[2,"e\u0000","StopTransaction",{"transactionId":«tx»,"meterStop":3000,"timestamp":"«-60»","reason":"Lo\u0000cal"}]`,
          gives: 'result',
        },
      ],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    {
      id: 'BI-039',
      title: 'half a character in a text',
      steps: [
        {
          send: String.raw`[2,"1","BootNotification",{"chargePointVendor":"V\ud83d","chargePointModel":"\udd0cM"}]`,
          gives: ACCEPTED,
        },
      ],
      station: { vendor: 'V\uFFFD', model: '\uFFFDM' },
    },
    {
      id: 'BI-039',
      title: 'half a character as an idTag',
      steps: [
        {
          send: String.raw`[2,"1","Authorize",{"idTag":"\ud83d"}]`,
          gives: { result: { idTagInfo: { status: 'Invalid' } } },
        },
      ],
    },
    {
      id: 'BI-039',
      title: 'half a character and NUL as the message id',
      steps: [{ send: String.raw`[2,"\ud83d\u0000","Heartbeat",{}]`, gives: { frame: [3, '\ud83d\u0000'] } }],
    },
    {
      id: 'BI-038',
      title: 'NUL and half a character in an action',
      steps: [{ send: String.raw`[2,"1","Heart\u0000beat\ud83d",{}]`, gives: { error: 'NotImplemented' } }],
    },
    {
      id: 'BI-034',
      title: '1e999999 in a text of numbers',
      steps: [
        started(),
        { send: meter({}, '1e999999'), gives: 'result' },
        { send: meter({}, 'NaN'), gives: 'result' },
        { send: meter({}, '-Infinity'), gives: 'result' },
        stopped(),
      ],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    {
      id: 'BI-034',
      title: 'meterStop 1e999999: the stop is kept',
      steps: [
        started(),
        {
          send: '[2,"stop","StopTransaction",{"transactionId":«tx»,"meterStop":1e999999,"timestamp":"«-60»"}]',
          gives: 'result',
        },
      ],
      sessions: [{ status: OVER, flags: SOME }],
    },
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'storable' }));
