using Serverless.Vectors.Rows;
using Xunit;

namespace Serverless.Unit.Vectors.Rows;

public sealed unsafe class LargePagesTests
{
    private const long Page = 2 << 20;

    [Theory]
    [InlineData(64, 64)]
    [InlineData(Page / 2 - 64, Page / 2 - 64)]
    [InlineData(Page / 2, Page)]
    [InlineData(Page, Page)]
    [InlineData(2 * Page + 64, 2 * Page + 64)]
    [InlineData(2 * Page - 64, 2 * Page)]
    public void Rounded_FillsAPageThatWouldBeHalfFull(long bytes, long rounded) => Assert.Equal(rounded, LargePages.Rounded(bytes));

    [Theory]
    [InlineData(64), InlineData(3 * Page)]
    public void Allocate_GivesZeroedMemory_FromTheBeginningOfALineOrPage(long bytes)
    {
        using LargePages pages = LargePages.Allocate(bytes);

        Assert.Equal(bytes, pages.Bytes);
        Assert.Equal(0, (nint)pages.Start % (bytes >= Page ? (nint)Page : 64));
        Assert.False(new ReadOnlySpan<byte>(pages.Start, (int)bytes).ContainsAnyExcept((byte)0));
    }
}
