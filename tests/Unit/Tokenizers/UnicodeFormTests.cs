using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Tokenizers;

public sealed class UnicodeFormTests
{
    [Theory]
    [InlineData("cafe\u0301", "caf\u00E9")]
    [InlineData("caf\u00E9", "caf\u00E9")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("u\u0323\u0308", "\u1EE5\u0308")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    public void Compose_MakesOneOfALetterAndItsAccents(string text, string composed) => Assert.Equal(composed, UnicodeForm.Compose(text));
}
