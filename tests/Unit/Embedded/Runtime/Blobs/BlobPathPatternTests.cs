using Serverless.Embedded.Runtime.Blobs;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Blobs;

public sealed class BlobPathPatternTests
{
    [Theory]
    [InlineData("media/{name}", "a/b c%.jpg", "name=a/b c%.jpg")]
    [InlineData("media/{name}.{extension}", "a.tar.gz", "name=a.tar,extension=gz")]
    [InlineData("media/in/{name}", "in/😀.txt", "name=😀.txt")]
    [InlineData("media/in/{*}", "in/x", "")]
    [InlineData("media", "anything", "")]
    [InlineData("media/{day}/{{{name}}}", "mon/{x}", "day=mon,name=x")]
    [InlineData("media/fixed.txt", "fixed.txt", "")]
    public void Match_GivesTheNamedParts(string path, string name, string parts)
    {
        var match = BlobPathPattern.Parse(path, out _)!.Match(name);

        Assert.Equal(parts, string.Join(',', match!.Select(part => $"{part.Key}={part.Value}")));
    }

    [Theory]
    [InlineData("media/in/{name}", "out/x")]
    [InlineData("media/{name}.jpg", "x.jpg.txt")]
    [InlineData("media/fixed.txt", "fixed.txt\n")]
    public void Match_OfAnotherName_IsNull(string path, string name) => Assert.Null(BlobPathPattern.Parse(path, out _)!.Match(name));

    [Theory]
    [InlineData("media/in/{name}.jpg", "in/")]
    [InlineData("media", "")]
    [InlineData("media/a{{b/{name}", "a{b/")]
    public void Prefix_IsWhatAllNamesBeginWith(string path, string prefix) => Assert.Equal(prefix, BlobPathPattern.Parse(path, out _)!.Prefix);

    [Theory]
    [InlineData("Media/{name}", "is not a container name")]
    [InlineData("media/{name", "has a brace at 0")]
    [InlineData("media/x}", "has a brace at 1")]
    [InlineData("media/{a b}", "has a brace at 0")]
    public void Parse_OfABadPath_NamesTheFault(string path, string fault)
    {
        Assert.Null(BlobPathPattern.Parse(path, out var found));
        Assert.Contains(fault, found);
    }
}
