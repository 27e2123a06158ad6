import type { BrowserContext, Page } from 'playwright-core';

/** The signup page as a customer meets it. */
export class SignupPage {
  private constructor(readonly page: Page) {}

  static async open(context: BrowserContext, url: string): Promise<SignupPage> {
    const page = await context.newPage();
    await page.goto(url);
    return new SignupPage(page);
  }

  /** Waits until the page is there. */
  async is(phase: string): Promise<void> {
    await this.page.locator(`body[data-phase=${phase}]`).waitFor();
  }

  /** Presses the page's one button. */
  async press(label: string): Promise<void> {
    await this.page.getByRole('button', { name: label }).click();
  }

  async openPopup(label = 'Continue with Facebook'): Promise<SignupPopup> {
    const opened = this.page.waitForEvent('popup');
    await this.press(label);
    return SignupPopup.of(await opened);
  }
}

/** Meta's popup, as the simulator plays it. */
export class SignupPopup {
  private constructor(readonly page: Page) {}

  static async of(page: Page): Promise<SignupPopup> {
    await page.locator('form.shown').waitFor();
    return new SignupPopup(page);
  }

  /** Goes on to a screen, with what each one before it holds already. */
  async goTo(step: string): Promise<void> {
    while ((await this.step()) !== step) {
      const before = await this.step();
      await this.page.locator('form.shown button').click();
      await this.page.locator(`form.shown:not([data-step=${before}])`).waitFor();
    }
  }

  async choose(choice: 'own' | 'app' | 'none', phoneNumber = ''): Promise<void> {
    await this.goTo('PHONE_NUMBER_SETUP');
    await this.page.locator(`[value=${choice}]`).check();
    await this.page.locator('[name=phoneNumber]').fill(phoneNumber);
  }

  async finish(): Promise<void> {
    await this.goTo('DONE');
    await this.leaveBy('Finish');
  }

  async cancel(): Promise<void> {
    await this.leaveBy('Cancel');
  }

  /** Presses a button that closes the popup, which may be gone before the click is known to be done. */
  private async leaveBy(label: string): Promise<void> {
    const closed = this.page.waitForEvent('close');
    const clicked = this.page.getByRole('button', { name: label }).click();
    await Promise.race([clicked.catch(ofClosed), closed]);
    await closed;
  }

  private async step(): Promise<string> {
    return (await this.page.locator('form.shown').getAttribute('data-step')) ?? '';
  }
}

function ofClosed(error: unknown): void {
  if (!/has been closed/.test(String(error))) throw error;
}
