import type { Topic } from './topic.ts';

const table = ['meter_readings', 'work_orders', 'subscriptions', 'boiler_faults', 'invoices'];
const report = ['the monthly heat balance', 'the leak report', 'the open work orders', 'the arrears overview'];
const day = ['Tuesday', 'Wednesday', 'Thursday', 'Friday'];
const site = ['Les Tilleuls', 'Quai Vert', 'Haute-Borne', 'the old mill', 'Pré-aux-Dames'];

/** Moving every report to one warehouse. */
export const dataPlatform: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { table, site },
    title: 'Duplicate rows in {table} for {site}?',
    body: 'Since the last load I count every row of {table} twice for {site}, and only there. The totals of my report have doubled. Is it the load, or is it me?',
    replies: [
      'It is the load: {site} was sent again after a time-out, and {table} keeps both deliveries. Filter on `is_latest` and the doubles go away.',
      'You are not alone. Until the load is mended, use the view {table}_current instead of the table; it keeps the last delivery only.',
      'I reloaded {site} this morning. Could you count again and tell us whether {table} is right now?',
    ],
    thanks: 'Counted again with the filter: exactly half, as it should be. Thank you.',
  },
  {
    kind: 'QUESTION',
    slots: { report },
    title: 'Who decides what goes into {report}?',
    body: 'Two managers ask for two different versions of {report}, and both say that theirs is the official one. Before I build a third: who owns the definition?',
    replies: [
      'The owner stands on the first line of the definition page. For {report} it is the operations desk; whoever wants a change opens a discussion here, and the definition gets a new version.',
      'We had the same with another report. What helped was to write both definitions side by side, with one example each. They turned out to answer two different questions.',
      'Please do not build a third one. Bring both managers to the clinic and we settle {report} in half an hour.',
    ],
  },
  {
    kind: 'QUESTION',
    slots: { table, day },
    title: 'Why does {table} change after {day}?',
    body: 'I froze my figures on {day} and compared them with {table} the week after: a few hundred rows had other values. I thought that past days were closed. What did I miss?',
    replies: [
      'If you need the same figure for ever, quote the load number beside it. Then anybody can reproduce what you saw on {day}.',
      'Past days are closed after ten days, not after one. Late deliveries still come in for {table}, so a figure taken on {day} is a first estimate. The column `closed_at` tells you.',
    ],
    thanks: 'The load number is exactly what I needed. I will quote it from now on.',
  },
  {
    kind: 'QUESTION',
    slots: { table, site },
    title: 'How do I get read access to {table}?',
    body: 'I am to prepare a comparison of {site} with the other sites, and {table} answers “permission denied”. Whom do I ask, and what do they need to know?',
    replies: [
      'Ask on the access form and say what the comparison is for: {table} holds addresses, so the purpose is written down. It usually takes a day.',
      'If you do not need addresses, take {table}_anonymous. Everybody here can read that one, and it is enough to compare {site} with others.',
      'Your team lead can grant it for thirty days at once. That is often all it takes for one study.',
    ],
  },
  {
    kind: 'QUESTION',
    slots: { report, day },
    title: '{report} is empty this {day}',
    body: 'The page opens, the title is there, and below it nothing at all. It was fine yesterday. Is something running late, or should I worry?',
    replies: [
      'The night load stopped at a file that came in the wrong encoding. It has been mended and restarted; {report} fills up by eleven.',
      'Each report shows the time of its last load in the corner. When it is older than today, it is the load and not you: no need to worry, but do tell us.',
    ],
    thanks: 'It is back. Thank you for saying what it was.',
  },
  {
    kind: 'DISCUSSION',
    slots: { report },
    title: 'Could we retire the spreadsheet behind {report}?',
    body: 'Every month somebody copies eleven columns by hand to produce {report}. The warehouse has ten of them. What would it take to let the spreadsheet go, and who would miss it?',
    replies: [
      'I would miss the comments in the margin. If there is a place for remarks beside the figures, take my spreadsheet, please.',
      'The eleventh column is typed from paper at two sites. That is the real question: who visits those two sites?',
      'Let us run both for two months and publish the differences here. If nobody finds one, we stop.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { table },
    title: 'Names for the columns of {table}',
    body: 'Half of the columns of {table} are abbreviations that only three people can read. I would like to rename them in words. Before I start: what would break at yours?',
    replies: [
      'Two of my queries. Keep the old names in a view for a quarter and I have time to follow.',
      'Do it. I once took `dt_ms` for a date. It was the month of the subscription.',
      'Write the list here first, please; we will find better words together than any of us alone.',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { report, day },
    title: 'Data clinic every {day} at two',
    body: 'Bring a figure that you do not believe. We sit down together, follow it to its source and write down what we find. Last time it was {report}; it was right, and now we know why. Every {day} at two, in the small room on the second floor and online.',
    replies: [
      'I came with three doubts and left with one. Recommended.',
      'Could one of them be in the morning for those who are on site in the afternoon?',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { site },
    title: '{site} is on the warehouse',
    body: 'As of this week {site} delivers every hour, like the others. Thank you to the four people who went down into the cellar to read the serial numbers. What you contributed here has saved us a visit by the supplier: that is worth saying.',
    replies: ['Well done! What is left on the list now?', 'The cellar says hello. So does my back.'],
  },
];
