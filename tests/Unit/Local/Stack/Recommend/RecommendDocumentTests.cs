using System.Text.Json;
using System.Xml.Linq;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Recommend;
using Serverless.Sizing.Costs;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Local.Stack.Recommend;

public sealed class RecommendDocumentTests
{
    private static readonly PriceList Prices = new(
        new DateOnly(2026, 1, 2),
        "a <list>",
        "USD",
        [new InstanceKind("small", "azure", 2, 8, null, 0.1), new InstanceKind("fast", "aws", 4, 16, "T4", 0.5)]
    );

    private static readonly MachineMeasurements Machine = new(
        "topics/1",
        "sha256:0",
        null,
        "a machine",
        4,
        DateTimeOffset.UnixEpoch,
        ["CUDA: no driver"],
        [new MeasuredSetting("onnx/model.onnx", "CPU", 2, 8, 10, 100, 3, 100, [new MeasuredRate(80, 4, 9, 12, Kept: true)], null)]
    );

    [Fact]
    public void APage_SaysWhatIsEstimated_WhatIsAbsent_AndWhatIsNotCompared()
    {
        string page = Document(rate: 100).ToPage();

        Assert.Contains(
            "small (azure) with onnx/model.onnx on CPU, 2 threads, batches of 8: 0.3 USD an hour",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("This is an estimate: the kind was not measured.", page, StringComparison.Ordinal);
        Assert.Contains("Not measured: CUDA: no driver", page, StringComparison.Ordinal);
        Assert.Contains("Not compared: fast: it has a GPU (T4)", page, StringComparison.Ordinal);
        Assert.Contains("as of 2026-01-02, USD: a &lt;list&gt;", page, StringComparison.Ordinal);
        XElement.Parse(
            page["<!doctype html>".Length..]
                .Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal)
                .Replace("content=\"width=device-width\">", "content=\"width=device-width\"/>", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Json_CanBeTakenIntoAnotherReport()
    {
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(Document(rate: 100).ToJson());

        MachineMeasurements read = GivenJson.Read<MachineMeasurements>(json.GetProperty("machines")[0]);

        Assert.Equivalent(Machine, read, strict: true);
    }

    [Fact]
    public void WhereNothingAnswersTheDemand_ThePageSaysSo()
    {
        RecommendDocument document = Document(rate: 100, milliseconds: 1);

        Assert.StartsWith(
            "Nothing that was measured answers 100 predictions a second within 1 ms (p95)",
            document.Verdict,
            StringComparison.Ordinal
        );
        Assert.Contains("verdict failed", document.ToPage(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheCommittedPrices_AreAPriceList_AndHaveTheInstancesThatInfraNames()
    {
        string file = Path.Combine(Checkout.Root, "infra", "prices.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));

        PriceList prices = GivenJson.Read<PriceList>(document.RootElement);

        prices.Check(file);
        Assert.Superset(
            new HashSet<string> { "g4dn.xlarge", "g5.xlarge", "g6.xlarge" },
            prices.Kinds.Select(kind => kind.Name).ToHashSet()
        );
    }

    private static RecommendDocument Document(double rate, int milliseconds = 50)
    {
        Demand demand = new(rate, TimeSpan.FromMilliseconds(milliseconds), null);
        return new("topics/1", DateTimeOffset.UnixEpoch, Prices, [Machine], Recommendation.Make(demand, Prices, [Machine]));
    }
}
