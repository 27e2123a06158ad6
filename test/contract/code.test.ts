import { readCode } from '../../contract/code';

describe('a one-time code is found in what the number received', () => {
  test.each([
    ['123456', '123456'],
    ['123-456', '123456'],
    ['WhatsApp code 123-456', '123456'],
    ['Your WhatsApp code 123-456. Do not share it.', '123456'],
    ['Verification code is 123456. Verification code is 123456. Verification code is 123456.', '123456'],
    ['Ihr WhatsApp-Code: 098 765', '098765'],
    ['Call +15550783881', null],
    ['12345', null],
    ['1234567', null],
    ['111-111 or 222-222', null],
    ['', null],
    ['Your WhatsApp code: 123-456\n\nOr tap v.whatsapp.com/123456\n\n4sgLq1p5sV6', '123456'],
    ['验证码123456,请勿告诉他人', '123456'],
    ['Код 123–456. Никому не сообщайте', '123456'],
    ['Use 111-111 to sign in', '111111'],
    ['It expires in 10 minutes: 123 456', '123456'],
    ['123-456, valid for 10 minutes', '123456'],
    ['Aqui está um 123456', '123456'],
    ['Use this one 123-456', '123456'],
  ])('%s', (text, code) => {
    expect(readCode(text)).toBe(code);
  });
});

describe('what stands beside it in a message does not hide it', () => {
  test.each([
    ['SMS from 284417: 331-772'],
    ['To: +15550783881 From: 32665 Body: WhatsApp code 331-772'],
    ['Sent 2027-03-11T08:41:00+01:00 WhatsApp code 331-772'],
    ['WhatsApp code 331-772 valid until 14:30'],
    ['331-772,10 minutes'],
    ['331-772 é o seu código do WhatsApp. Não compartilhe.\n4sgLq1p5sV6'],
    ['【WhatsApp】验证码331-772，10分钟内有效'],
    ['あなたのWhatsAppコード：331-772 このコードを共有しないでください'],
    ['WhatsApp 인증 코드는 331-772입니다. 10분 안에'],
    ['*WhatsApp* code: *331-772*'],
    ["Your WhatsApp code: 331-772Don't share this code with others4sgLq1p5sV6"],
    ['Your code is 331772. Call 18005550147 for help'],
    ['Verification code is 331772, 331772, 331'],
    ['verification code is double-three one double-seven two'],
  ])('%s', (text) => {
    expect(readCode(text)).toBe('331772');
  });
});

describe('digits of a code are read in any script, one by one and spelled out', () => {
  test.each([
    ['１２３-４５６', '123456'],
    ['رمزك ١٢٣-٤٥٦', '123456'],
    ['आपका कोड १२३ ४५६ है', '123456'],
    ['รหัส ๑๒๓๔๕๖', '123456'],
    ['1 2 3 4 5 6', '123456'],
    ['1 2 3 - 4 5 6', '123456'],
    ['1-2-3-4-5-6', '123456'],
    ['Your code is 1, 2, 3, 4, 5, 6.', '123456'],
    ['1. 2. 3. 4. 5. 6.', '123456'],
    ['123, 456', '123456'],
    ['12 34 56', '123456'],
    ['1 2 3 456', '123456'],
    ['1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6', '123456'],
    ['4, 5, 6. Code 1, 2, 3, 4, 5, 6. Code 1, 2', '123456'],
    ['4, 5, 6. 1, 2, 3, 4, 5, 6.', '123456'],
    ['one two three four five six', '123456'],
    ['One-two-three, four-five-six.', '123456'],
    ['One two double five oh nine', '125509'],
    ['triple zero, triple 7', '000777'],
    ['uno dos tres cuatro cinco seis', '123456'],
    ['um dois três, quatro cinco seis', '123456'],
    ['un, deux, trois, quatre, cinq, six', '123456'],
    ['eins zwei drei vier fünf null', '123450'],
    ['uno due tre quattro cinque sei', '123456'],
    ['один два три четыре пять шесть', '123456'],
    ['satu dua tiga empat lima enam', '123456'],
    ['एक दो तीन चार पांच छह', '123456'],
    ['واحد اثنان ثلاثة أربعة خمسة ستة', '123456'],
    ['您的验证码是一二三四五六', '123456'],
  ])('%s', (text, code) => {
    expect(readCode(text)).toBe(code);
  });
});

describe('digits are spelled in many languages, each with its other spellings', () => {
  test.each([
    ['code is SIX ONE NINE THREE ZERO FOUR', '619304'],
    ['code is double two 5 eight nine-0', '225890'],
    ['code is Too for ate won oh nine', '248109'],
    ['code is o o 4 7 1 9', '004719'],
    ['El codi és un dos tres quatre cinc sis', '123456'],
    ['Código: um dois meia meia oito nove', '126689'],
    ['Codul este unu doi trei patru cinci șase', '123456'],
    ['Ihr Code lautet zwo zwo drei fünf null eins', '223501'],
    ['Din kode er to fire seks otte ni en', '246891'],
    ['Koden din er sju åtte ni null en to', '789012'],
    ['Koodisi on yksi kaksi kolme neljä viisi kuusi', '123456'],
    ['A kódja egy kettő három négy öt hat', '123456'],
    ['Váš kód je jedna dva tři čtyři pět šest', '123456'],
    ['Ваш код сім вісім дев’ять нуль один два', '789012'],
    ['Ο κωδικός είναι μηδέν ένα δύο τρία τέσσερα πέντε', '012345'],
    ['Kodunuz SIFIR BİR İKİ ÜÇ DÖRT BEŞ', '012345'],
    ['Mã của bạn là không một hai ba bốn năm', '012345'],
    ['Nambari ni moja mbili tatu nne tano sita', '123456'],
    ['הקוד שלך אחת שתיים שלוש ארבע חמש שש', '123456'],
    ['الرمز ثلاث أربع خمس ست سبع ثمان', '345678'],
    ['کد شما یک دو سه چهار پنج شش', '123456'],
    ['آپ کا کوڈ ایک دو تین چار پانچ چھ', '123456'],
    ['आपका कोड है पाँच छे सात आठ नौ शून्य', '567890'],
    ['আপনার কোড এক দুই তিন চার পাঁচ ছয়', '123456'],
    ['உங்கள் குறியீடு ஒன்று இரண்டு மூன்று நான்கு ஐந்து ஆறு', '123456'],
    ['รหัสคือ หนึ่ง สอง สาม สี่ ห้า หก', '123456'],
    ['รหัสคือหนึ่งสองสามสี่ห้าหก', '123456'],
    ['인증번호는 일 이 삼 사 오 육 입니다', '123456'],
    ['인증번호는 일이삼사오육입니다', '123456'],
    ['コードは いち に さん よん ご ろく です', '123456'],
    ['码 五 零 九 幺 二 三', '509123'],
  ])('%s', (text, code) => {
    expect(readCode(text)).toBe(code);
  });

  test.each([
    ['het 5 2 9 0 6'],
    ['the code to 5 2 9 0 6'],
    ['um 2 3 4 5 6'],
    ['four 8 2 9 1 3 4'],
    ['six one nine three oh four two'],
  ])('but a small word of one is no digit in another, and no digit is left out: %s', (text) => {
    expect(readCode(text)).toBeNull();
  });
});

describe('what is no code, or more than one, is not guessed at', () => {
  test.each([
    ['one two three four five'],
    ['one two three four five six seven'],
    ['Call me at +49 30 901820'],
    ['Call +1 202555'],
    ['Call 030 901820'],
    ['Order AB-123456-7'],
    ['100,000 customers'],
    ['on 12-04-26 or 12.04.26'],
    ['1 2 3 4 5 6. 1 2 3 4 5 7.'],
    ['123456 123457'],
    ['123456123456'],
    ['٥٥٥٠٧٨٣٨٨١'],
    ['Call (030) 901820'],
    ['Ring 06 1 234-567'],
    ['044 123 45 67'],
    ['250 000 €'],
    ['EUR 250000'],
    ["250'000 CHF"],
    ['Order DX204817 ships'],
    ['INV/204817'],
    ['#204817'],
    ['example.com/204817'],
    ['123-456-789'],
    ['Your code 402117. WhatsApp code 118-264'],
    ['482-913. Verification code is 482918'],
  ])('%s', (text) => {
    expect(readCode(text)).toBeNull();
  });

  test('nor is time lost on a text made to take long', () => {
    const began = performance.now();
    for (const part of ['1 ', '1, ', '- ', 'one ', '1-', '+1 ']) readCode(part.repeat(2000));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
