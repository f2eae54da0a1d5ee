/** What is shown of a search's results, and where each leads. */
import { fireEvent, render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { SearchResults } from "./search-results.tsx";

const RESULT = {
  conversation_id: "00000000-0000-4000-8000-000000000001",
  title: "Trip (Lisbon)",
  message_id: "00000000-0000-4000-9000-000000000001",
  seq: 3,
  snippet: "the best <b>trams</b> of Lisbon",
  updated_at: "2026-01-01T12:00:00.000000Z",
};

test("a search result marks the words in title and snippet, and shows the rest as it is", async () => {
  const opened: unknown[] = [];
  const { container } = render(
    <SearchResults
      results={[RESULT]}
      query="lisbon ("
      onOpen={(...where) => void opened.push(where)}
      problem={null}
      onRetry={() => undefined}
      onMore={null}
    />,
  );
  expect([...container.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual(["(Lisbon", "Lisbon"]);
  expect(container.textContent).toContain("<b>trams</b>");
  const leave = (event: Event) => event.preventDefault();
  document.addEventListener("click", leave);
  for (const key of ["ctrlKey", "metaKey", "shiftKey", "altKey"]) {
    fireEvent.click(screen.getByRole("link"), { [key]: true });
  }
  document.removeEventListener("click", leave);
  await userEvent.click(screen.getByRole("link"));
  expect(opened).toEqual([[RESULT.conversation_id, 3]]);
});
