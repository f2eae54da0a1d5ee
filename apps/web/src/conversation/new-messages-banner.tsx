/** Says that something came elsewhere, and shows it when asked: nothing moves under the reader's eyes [DEV-9]. */

export interface NewMessagesBannerProps {
  readonly count: number;
  readonly onShow: () => void;
}

export function NewMessagesBanner({ count, onShow }: NewMessagesBannerProps) {
  return (
    <div class="new-messages-banner" role="status">
      <span>{count === 1 ? "1 new message" : `${count} new messages`}</span>
      <button type="button" onClick={onShow}>
        Show
      </button>
    </div>
  );
}
