import type { BrowserContext, Locator, Page } from 'playwright-core';

const metadataTexts = ['summary', 'details', 'current details'] as const;
type MetadataText = (typeof metadataTexts)[number];

/** A number's page in the Temporal UI (2.42), used as an operator uses it: by what it shows, with the mouse. */
export class NumberPage {
  private constructor(readonly page: Page) {}

  static async open(context: BrowserContext, uiUrl: string, digits: string): Promise<NumberPage> {
    const page = await context.newPage();
    await page.goto(`${uiUrl}/namespaces/default/workflows/${encodeURIComponent(`number:${digits}`)}`);
    await page.getByTestId('history-tab').waitFor();
    return new NumberPage(page);
  }

  async showMetadata(): Promise<void> {
    await this.page.getByTestId('user-metadata-tab').click();
  }

  /** The Markdown texts of the User Metadata tab, each in a frame of its own. */
  metadata(of: MetadataText): Locator {
    return this.frame(of).contentFrame().locator('body');
  }

  frame(of: MetadataText): Locator {
    return this.page.locator('iframe').nth(metadataTexts.indexOf(of));
  }

  /** Brings the current details up to date, as the page itself proposes. */
  async refresh(): Promise<void> {
    await this.page.keyboard.press('r');
  }

  event(type: string): Locator {
    return this.page.locator('tr, [role=row]').filter({ hasText: type }).first();
  }

  /** What an event carries, read in the panel that a click on its row opens beneath. */
  async openEvent(type: string): Promise<string> {
    await this.event(type).click();
    const heading = this.page.getByText(type).nth(1);
    const payload = heading.locator('xpath=following::*[contains(@class, "cm-content")][1]');
    await payload.getByText('{').first().waitFor();
    await payload.scrollIntoViewIfNeeded();
    return payload.innerText();
  }

  async openDialog(title: 'Send a Signal' | 'Send an Update'): Promise<Locator> {
    await this.page.getByRole('button', { name: 'More Actions' }).click();
    await this.page.getByRole('menuitem', { name: title }).click();
    const dialog = this.page.getByRole('dialog', { name: title });
    await dialog.waitFor();
    return dialog;
  }

  /** What a dialog offers to send: each name with its description. */
  async offered(dialog: Locator): Promise<Map<string, string>> {
    await dialog.locator('button[aria-haspopup]').first().click();
    const options = dialog.getByRole('option');
    await options.first().waitFor();
    const texts = await options.allInnerTexts();
    return new Map(texts.map((text) => text.split(/\n+/, 2) as [string, string]));
  }

  /** Chooses a message of the opened list and types its JSON. */
  async choose(dialog: Locator, name: string, payload: object): Promise<void> {
    await dialog.getByRole('option', { name }).click();
    await dialog.getByRole('textbox').last().click();
    await this.page.keyboard.insertText(JSON.stringify(payload));
  }

  async submit(dialog: Locator): Promise<void> {
    await dialog.getByRole('button', { name: 'Submit', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }
}
