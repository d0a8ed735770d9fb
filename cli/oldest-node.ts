/** The oldest Node.js that the installed package runs on, major and minor. The sources themselves take Node.js 24. */
export const OLDEST_NODE = [20, 19] as const;
