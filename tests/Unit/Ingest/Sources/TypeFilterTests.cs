using Serverless.Ingest.Sources;
using Xunit;

namespace Serverless.Unit.Ingest.Sources;

public sealed class TypeFilterTests
{
    [Theory]
    [InlineData("a/b.JPG", true, "image")]
    [InlineData("a/b.jpg", false, "text", "video")]
    [InlineData("a/b.jpg", true, "text", ".jpg")]
    [InlineData("a/film.mkv", true, "video")]
    [InlineData("a/film.en.srt", true, "text")]
    [InlineData("a.jpg/b", false, "image")]
    [InlineData("a/b", false, "image", ".jpg")]
    [InlineData("a/b.exe", true)]
    public void Admits_ByTheNameAlone(string key, bool admits, params string[] types) =>
        Assert.Equal(admits, TypeFilter.Admits(types, key));

    [Theory]
    [InlineData("text")]
    [InlineData("image")]
    [InlineData("video")]
    [InlineData(".jp2")]
    public void Accepts_KindsAndExtensions(string type) => Assert.Null(TypeFilter.Fault(type));

    [Theory]
    [InlineData("audio")]
    [InlineData("jpg")]
    [InlineData(".JPG")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData(".tar.gz")]
    [InlineData(".waytoolongextension")]
    public void Rejects_WhatIsNeither(string type) =>
        Assert.Contains("allowed are image, text, video and extensions", TypeFilter.Fault(type));
}
