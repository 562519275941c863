using Serverless.Ingest.Searches;
using Xunit;

namespace Serverless.Unit.Ingest.Searches;

public sealed class SearchCursorTests
{
    private static readonly SearchCursor Cursor = new(
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        1.0 / 61,
        new string('a', 26)
    );

    [Fact]
    public void Read_OfWhatWasWritten_IsTheSame() => Assert.Equal(Cursor, SearchCursor.Read(Cursor.Write()));

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    [InlineData("f____________________________________________________________w")]
    public void Read_OfAnythingElse_IsNull(string text) => Assert.Null(SearchCursor.Read(text));

    [Fact]
    public void IsBefore_WhatHasLess_OrComesLaterAmongEquals()
    {
        Assert.True(Cursor.IsBefore(new Ranked("a", Cursor.Score / 2)));
        Assert.True(Cursor.IsBefore(new Ranked("b", Cursor.Score)));
        Assert.False(Cursor.IsBefore(new Ranked(Cursor.Content, Cursor.Score)));
        Assert.False(Cursor.IsBefore(new Ranked("b", Cursor.Score * 2)));
    }
}
