/** Where a part says what whoever runs the server should know. */
export interface ReportLog {
  warn(fields: object, message: string): void;
}
