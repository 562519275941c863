using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class RunFilesTests
{
    /// <summary>They are read in parts of 64 KiB, which lines lie across, and which some are longer than.</summary>
    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(3_000, 50)]
    [InlineData(40, 30_000)]
    [InlineData(7, 200_000)]
    public void Lines_OfAnyLength_AreReadInOrder(int count, int characters)
    {
        RunEntry[] entries =
        [
            .. Enumerable.Range(0, count).Select(i => RunsOf.Run($"{i}", i) with { Input = new string('x', characters) }),
        ];
        byte[][] lines = [.. entries.Select(RunLine.Write)];
        byte[] plain = [.. lines.SelectMany(line => line.Append((byte)'\n'))];

        List<RunEntry> compressed = RunFiles.Read("a.jsonl.gz", new BinaryData(RunFiles.Compress(lines)), new SharedTexts());
        List<RunEntry> tail = RunFiles.Read("a.jsonl", new BinaryData(plain), new SharedTexts());
        List<RunEntry> unended = RunFiles.Read("a.jsonl", new BinaryData(plain[..Math.Max(0, plain.Length - 1)]), new SharedTexts());

        Assert.All([compressed, tail, unended], read => Assert.Equal(entries.Select(Line), read.Select(Line)));
    }

    [Fact]
    public void Segments_OneAfterTheOther_AreOne()
    {
        byte[][] segments = [.. Enumerable.Range(0, 3).Select(i => RunFiles.Compress([RunLine.Write(RunsOf.Run($"{i}"))]))];

        List<RunEntry> read = RunFiles.Read("a-m3.jsonl.gz", new BinaryData(segments.SelectMany(one => one).ToArray()), new SharedTexts());

        Assert.Equal(["0", "1", "2"], read.Select(entry => entry.Id));
    }

    [Fact]
    public void AFile_ThatExpandsToTooMuch_IsRefused()
    {
        byte[] part = RunLine.Write(RunsOf.Run("a") with { Input = new string('x', 1 << 20) });
        BinaryData file = new(RunFiles.Compress(Enumerable.Repeat(part, (RunFiles.MaxBytes >> 20) + 1)));

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => RunFiles.Read("a.jsonl.gz", file, new SharedTexts()));

        Assert.Contains("'a.jsonl.gz' expands to more than 67,108,864 bytes", refused.Message, StringComparison.Ordinal);
    }

    private static (string Id, DateTimeOffset Created, string? Input) Line(RunEntry entry) => (entry.Id, entry.Created, entry.Input);
}
