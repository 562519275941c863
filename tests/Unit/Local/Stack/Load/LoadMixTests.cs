using Serverless.Local.Stack;
using Serverless.Local.Stack.Load;
using Xunit;

namespace Serverless.Unit.Local.Stack.Load;

public sealed class LoadMixTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("load-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void At_GivesEachSortItsShare_AndTheSameForTheSameNumber()
    {
        LoadMix mix = LoadMix.Parse("search=3,predict:topics=1", []);

        LoadBody[] bodies = [.. Enumerable.Range(0, 1_000).Select(number => mix.At(number, seed: 4))];

        Assert.InRange(bodies.Count(body => body.Sort == "search"), 740, 760);
        Assert.Equal(bodies, Enumerable.Range(0, 1_000).Select(number => mix.At(number, seed: 4)));
        Assert.True(bodies.Distinct().Count() > 100);
        Assert.Equal(["search 75 %", "predict:topics 25 %"], mix.Sorts);
    }

    [Theory]
    [InlineData("entities", "application/json")]
    [InlineData("reranker", "application/json")]
    [InlineData("things", "image/jpeg")]
    public async Task Samples_OfAModel_AreWhatItTakes(string model, string type)
    {
        LoadMix mix = LoadMix.Parse($"predict:{model}", []);

        using HttpRequestMessage request = mix.At(0, seed: 0).Request("mark-");

        Assert.Equal((HttpMethod.Post, $"predict/{model}"), (request.Method, request.RequestUri!.OriginalString));
        Assert.Equal(type, request.Content!.Headers.ContentType!.ToString());
        Assert.NotEmpty(await request.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public void Uploads_HaveNamesOfTheirOwn()
    {
        LoadBody upload = LoadMix.Parse("upload", []).At(0, seed: 0);

        using HttpRequestMessage first = upload.Request("load/1-");
        using HttpRequestMessage second = upload.Request("load/2-");

        Assert.StartsWith("assets?name=load/1-", first.RequestUri!.OriginalString, StringComparison.Ordinal);
        Assert.NotEqual(first.RequestUri, second.RequestUri);
    }

    [Theory]
    [InlineData("serach=1", "The mix names 'serach'; known are search, upload and predict:MODEL")]
    [InlineData("predict:", "The mix names 'predict:'")]
    [InlineData("search=0", "The share of search in the mix is '0'; expected is a number above 0.")]
    [InlineData("search=1, search=2", "The mix names search twice; expected is each sort once")]
    [InlineData("search=NaN", "The share of search in the mix is 'NaN'")]
    [InlineData("predict:no-such", "There are no sample bodies for predict:no-such, only for entities,")]
    [InlineData("predict:../golden/topics", "There are no sample bodies for predict:../golden/topics")]
    public void Parse_WhatIsNoMix_EndsWithCode2_AndNamesIt(string mix, string message)
    {
        StackException refused = Assert.Throws<StackException>(() => LoadMix.Parse(mix, []));

        Assert.Equal(2, refused.Code);
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_OfOnesOwn_AreTheMix_OrReplaceTheSamplesOfTheirSort()
    {
        string file = Write(
            "own.jsonl",
            """
            {"sort":"search","query":"q=one&limit=5"}
            {"sort":"predict:mine","body":{"text":"two"}}

            {"sort":"predict:mine","body":{"text":"three"}}
            """
        );

        IReadOnlyList<LoadBody> bodies = await LoadBodies.ReadAsync(file, Ct);

        Assert.Equal(["search 33.3 %", "predict:mine 66.7 %"], LoadMix.Parse(null, bodies).Sorts);
        Assert.Equal("search?q=one&limit=5", LoadMix.Parse("search", bodies).At(7, seed: 1).Path);
    }

    [Theory]
    [InlineData("", "is empty; expected is one JSON object a line")]
    [InlineData("\n\n", "is empty;")]
    [InlineData("{\"sort\":\"search\"}", "line 1: it is none of the three;")]
    [InlineData("{\"sort\":\"predict:x\",\"body\":[]}", "line 1: it is none of the three;")]
    [InlineData("{\"sort\":\"search\",\"query\":\"a\"}\n{\"sort\":\"search\",\"qeury\":\"a\"}", "line 2: There is no member 'qeury' here")]
    [InlineData("{", "line 1: ")]
    public async Task Bodies_ThatAreNone_NameTheLine(string text, string message)
    {
        StackException refused = await Assert.ThrowsAsync<StackException>(() => LoadBodies.ReadAsync(Write("bad.jsonl", text), Ct));

        Assert.Equal(2, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Replay_KeepsTheSpacing_InTheOrderOfTheRequests()
    {
        string file = Write(
            "captures.jsonl",
            $"{Line(10, 4_000, "entities", "\"payload\":\"Ana of Porto\",")}\n{Line(8, 0, "topics", "")}\n{Feedback}"
        );

        CaptureReplay replay = await CaptureReplay.ReadAsync(file, [], Ct);

        Assert.Equal([0, 2], replay.Calls.Select(call => call.At.TotalSeconds)); // answered at 10 s after 4 s; at 8 s after none
        Assert.Equal(["predict:entities", "predict:topics"], replay.Calls.Select(call => call.Body.Sort));
        Assert.Equal("{\"text\":\"Ana of Porto\"}", System.Text.Encoding.UTF8.GetString(replay.Calls[0].Body.Content!));
        Assert.Equal(1, replay.Synthesised);
    }

    [Theory]
    [InlineData("{}", "line 1 is no line of a capture")]
    [InlineData("", "has no captured prediction")]
    public async Task Replay_OfWhatIsNoCapture_SaysSo(string text, string message)
    {
        StackException refused = await Assert.ThrowsAsync<StackException>(() => CaptureReplay.ReadAsync(Write("bad.jsonl", text), [], Ct));

        Assert.Equal(2, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Feedback = """{"kind":"feedback","predictionId":"a","time":"2026-01-01T00:00:00Z","model":"topics"}""";

    private static string Line(int second, int overhead, string model, string payload) =>
        $$$"""
            {"kind":"prediction","time":"2026-01-01T00:00:{{{second:00}}}Z","model":"{{{model}}}","times":{"overhead":{{{overhead}}},
            "queue":0,"input":0,"infer":0,"output":0},"input":{{{{payload}}}"kind":"text","items":1,"size":12}}
            """.ReplaceLineEndings("");

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
