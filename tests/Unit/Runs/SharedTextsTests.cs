using System.Text;
using System.Text.Json;
using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class SharedTextsTests
{
    [Fact]
    public void ATextThatManyEntriesHave_LiesInMemoryOnce()
    {
        SharedTexts texts = new();
        byte[] line = RunLine.Write(RunsOf.Run("a") with { Output = """{"State":"Processed"}""" });

        RunEntry[] read = [.. Enumerable.Range(0, 4).Select(_ => RunLine.Read(line, texts))];

        Assert.Same(read[2].Output, read[3].Output);
        Assert.Same(read[2].Name, read[3].Name);
        Assert.NotSame(read[2].Id, read[3].Id);
        Assert.Equal("""{"State":"Processed"}""", read[3].Output);
    }

    /// <summary>More than there are places, so that each takes that of others.</summary>
    [Fact]
    public void Texts_ThatShareAPlace_AreEachReadAsWritten()
    {
        Random random = new(7);
        SharedTexts texts = new();
        string[] all =
        [
            .. Enumerable.Range(0, 20_000).Select(i => $"{i % 9_000} \"quoted\" {new string('ö', random.Next(40))} \\"),
            "",
            new string('x', 5_000),
        ];

        Assert.All([.. all, .. all], text => Assert.Equal(text, Read(texts, JsonSerializer.Serialize(text))));
        Assert.Null(Read(texts, "null"));
    }

    [Theory, InlineData("\"a\"", "\"\\u0061\""), InlineData("\"n\"", "\"\\n\"")]
    public void TextsWrittenOtherwise_AreNotTakenForEachOther(string one, string other)
    {
        SharedTexts texts = new();

        string?[] read = [.. new[] { one, other, one, other, one, other }.Select(json => Read(texts, json))];

        Assert.Equal([JsonSerializer.Deserialize<string>(one), JsonSerializer.Deserialize<string>(other)], read[4..]);
    }

    private static string? Read(SharedTexts texts, string json)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return texts.Read(ref reader);
    }
}
