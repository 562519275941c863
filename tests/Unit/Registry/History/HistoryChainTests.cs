using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Serverless.Registry;
using Xunit;

namespace Serverless.Unit.Registry.History;

public sealed class HistoryChainTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A history that uses every member of a record.</summary>
    private static List<string> Lines(int count)
    {
        List<string> lines = [];
        HistoryRecord? last = null;
        for (int i = 0; i < count; i++)
        {
            JsonElement evidence = JsonSerializer.SerializeToElement(new { rate = 0.5 + i, text = "é \"quoted\"" });
            var draft = new HistoryDraft((HistoryEvent)(i % 5), i + 1, $"sha256:{i}", $"{i}{i}", "ada", $"reason {i}", evidence);
            last = HistoryChain.Next(last, "prod", "m", draft, Start.AddMinutes(i));
            lines.Add(last.Line());
        }
        return lines;
    }

    private static HistoryVerdict Verify(IReadOnlyList<string> lines, string? head) => HistoryChain.Verify("prod", "m", lines, head);

    [Fact]
    public void Verify_OfWhatWasWritten_FindsNothing()
    {
        List<string> lines = Lines(6);

        HistoryVerdict verdict = Verify(lines, lines[^1]);

        Assert.Equal((true, 6, 0), (verdict.Intact, verdict.Records, verdict.Faults.Count));
        Assert.Equal(HistoryRecord.Parse(lines[^1])!.Hash, verdict.Head);
        Assert.True(Verify([], null).Intact);
    }

    [Theory]
    [InlineData("sequence", "9")]
    [InlineData("environment", "\"qa\"")]
    [InlineData("name", "\"other\"")]
    [InlineData("at", "\"2026-01-01T00:02:30+00:00\"")]
    [InlineData("event", "\"noted\"")]
    [InlineData("version", "7")]
    [InlineData("digest", "\"sha256:0\"")]
    [InlineData("manifest", "\"00\"")]
    [InlineData("from", "1")]
    [InlineData("by", "\"eve\"")]
    [InlineData("why", "\"another\"")]
    [InlineData("evidence", "{\"rate\":0}")]
    [InlineData("previous", "\"\"")]
    [InlineData("hash", "\"00\"")]
    [InlineData("more", "1")]
    public void Verify_OfAnEditedField_NamesTheRecord(string field, string value)
    {
        List<string> lines = Lines(6);
        string head = lines[^1];
        JsonObject record = JsonNode.Parse(lines[2])!.AsObject();
        record[field] = JsonNode.Parse(value);
        lines[2] = record.ToJsonString(Serverless.Storage.StoredJson.Options);

        HistoryVerdict verdict = Verify(lines, head);

        Assert.False(verdict.Intact);
        Assert.Contains(verdict.Faults, f => f.Sequence == 3);
    }

    [Fact]
    public void Verify_OfARemovedField_NamesTheRecord()
    {
        foreach (string field in JsonNode.Parse(Lines(3)[1])!.AsObject().Select(p => p.Key))
        {
            List<string> lines = Lines(3);
            JsonObject record = JsonNode.Parse(lines[1])!.AsObject();
            record.Remove(field);
            lines[1] = record.ToJsonString(Serverless.Storage.StoredJson.Options);

            Assert.Contains(Verify(lines, lines[^1]).Faults, f => f.Sequence == 2);
        }
    }

    /// <summary>
    /// An edit whose author knows how records are sealed is told by the record that follows, and in the last by the alias.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Verify_OfAnEditThatWasSealedAnew_IsToldByWhatFollows(int edited)
    {
        List<string> lines = Lines(6);
        string head = lines[^1];
        lines[edited] = (HistoryRecord.Parse(lines[edited])! with { By = "eve" }).Sealed().Line();

        Assert.False(Verify(lines, head).Intact);
    }

    /// <summary>Records taken out, doubled, exchanged, cut off at the end, or with any character changed.</summary>
    [Fact]
    public void Verify_OfAnyChange_FindsIt() =>
        Prop.ForAll(
                Gen.Choose(0, 4).ToArbitrary(),
                Gen.Choose(0, 7).ToArbitrary(),
                Gen.Choose(0, 10_000).ToArbitrary(),
                (kind, at, where) =>
                {
                    List<string> lines = Lines(8);
                    string head = lines[^1];
                    switch (kind)
                    {
                        case 0:
                            lines.RemoveAt(at);
                            break;
                        case 1:
                            lines.Insert(at, lines[at]);
                            break;
                        case 2:
                            (lines[at], lines[(at + 1) % 8]) = (lines[(at + 1) % 8], lines[at]);
                            break;
                        case 3:
                            lines.RemoveRange(at, 8 - at);
                            break;
                        default:
                            int character = where % lines[at].Length;
                            lines[at] = string.Concat(
                                lines[at].AsSpan(0, character),
                                ((char)(lines[at][character] ^ 1)).ToString(),
                                lines[at].AsSpan(character + 1)
                            );
                            break;
                    }
                    return !Verify(lines, head).Intact;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Next_UnderAClockThatGoesBack_KeepsTheOrder()
    {
        var draft = new HistoryDraft(HistoryEvent.Noted, null, null, null, "ada", null, null);
        HistoryRecord first = HistoryChain.Next(null, "prod", "m", draft, Start);

        HistoryRecord second = HistoryChain.Next(first, "prod", "m", draft, Start.AddHours(-1));

        Assert.Equal(first.At, second.At);
    }
}
