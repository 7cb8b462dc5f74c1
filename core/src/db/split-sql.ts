/** The statements of an SQL text, without comments, blanks as one, and what is quoted left alone. */
export const splitSql = (text: string): readonly string[] => {
  const statements: string[] = [];
  let now = '';
  const end = (): void => {
    const statement = now.trim();
    if (statement !== '') statements.push(statement);
    now = '';
  };
  for (const [token] of text.matchAll(tokens)) {
    if (token === ';') end();
    else if (token.startsWith('--') || token.startsWith('/*') || /^\s/.test(token)) now += now.endsWith(' ') ? '' : ' ';
    else now += token;
  }
  end();
  return statements;
};

/** Without what stands between dollar signs: what a function will do does not happen now. */
export const withoutBodies = (statement: string): string => statement.replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, '$$$$');

// Strings, names in quotes, dollar bodies, comments, blanks; anything else sign by sign.
const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|\s+|[\s\S]/g;
