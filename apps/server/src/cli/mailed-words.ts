/** What `users` mails, where mail is set up: the words, and their way out. What is printed holds whether they arrive or not. */
import { sendMail, type Mail } from "../mail/send-mail.ts";
import { CommandError, type CommandContext } from "./command.ts";

/** The words, once it is known at which address people reach the server. */
export type MailWords = (publicUrl: string) => Pick<Mail, "subject" | "text">;

/** Somebody may make an account. */
export const INVITATION: MailWords = (publicUrl) => ({
  subject: `You are invited to ${hostOf(publicUrl)}`,
  text: [
    `You may make an account at ${publicUrl} with this address: open it, and choose "Make an account".`,
    "If you don't know who runs it, leave this be.",
  ].join("\n\n"),
});

export interface ResetLink {
  readonly link: string;
  readonly hours: number;
}

/** Somebody may set a new password. */
export function resetMail({ link, hours }: ResetLink): MailWords {
  return (publicUrl) => ({
    subject: `A new password for ${hostOf(publicUrl)}`,
    text: [
      `Whoever runs ${publicUrl} sends you this link. It sets a new password, once, within ${hours} hours:`,
      link,
      "If you have not asked for it, leave it be, and tell them.",
    ].join("\n\n"),
  });
}

/** Mails them and says so; does nothing where no mail is set up. Throws `CommandError` where nobody takes the mail. */
export async function mailTo({ settings, print }: CommandContext, to: string, words: MailWords): Promise<void> {
  const { mail, publicUrl } = settings;
  if (mail === null || publicUrl === null) return;
  const why = await sendMail(mail, { to, ...words(publicUrl) });
  if (why !== null) {
    throw new CommandError(`No mail went to ${to} (${why}). What is printed above holds: hand it over.`);
  }
  print(`Mailed to ${to}.`);
}

function hostOf(publicUrl: string): string {
  return new URL(publicUrl).host;
}
