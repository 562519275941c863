using Serverless.Sizing;
using Serverless.Sizing.Costs;
using Xunit;

namespace Serverless.Unit.Sizing.Costs;

public sealed class RecommendationTests
{
    private static readonly PriceList Prices = new(
        new DateOnly(2026, 1, 2),
        "a list",
        "USD",
        [
            new InstanceKind("small", "azure", 2, 8, null, 0.10),
            new InstanceKind("large", "azure", 8, 32, null, 0.44),
            new InstanceKind("fast", "aws", 4, 16, "T4", 0.53),
        ]
    );

    private static readonly MachineMeasurements Small = Machine(
        "small",
        2,
        Setting("CPU", (20, 40, true), (50, 90, true), (80, 400, false))
    );

    [Fact]
    public void Make_TakesWhatWasKeptWithinTheLatency_AndCountsInstances()
    {
        Recommendation found = Recommendation.Make(new Demand(120, TimeSpan.FromMilliseconds(100), null), Prices, [Small]);

        ServingChoice measured = found.Choices.First(choice => choice.Kind.Name == "small");
        Assert.Equal((3, false, 50.0, 90.0), (measured.Count, measured.IsEstimate, measured.RateEach, measured.P95Milliseconds));
        Assert.Equal(0.30 / (120 * 3.6), measured.Per1000, 1e-12);
        Assert.Same(measured, found.Best);
    }

    [Fact]
    public void Make_KindsThatWereNotMeasured_AreEstimatesByCores_AndGpusAreNotCompared()
    {
        Recommendation found = Recommendation.Make(new Demand(120, TimeSpan.FromMilliseconds(100), null), Prices, [Small]);

        ServingChoice large = found.Choices.First(choice => choice.Kind.Name == "large");
        Assert.Equal((1, true, 200.0), (large.Count, large.IsEstimate, large.RateEach));
        Assert.DoesNotContain(found.Choices, choice => choice.Kind.Name == "fast");
        Assert.Equal("fast: it has a GPU (T4), and no measurement of it was added.", Assert.Single(found.NotCompared));
    }

    [Fact]
    public void Make_AMeasurementOfAGpu_IsCompared_AndIsNoEstimateOfOtherKinds()
    {
        MachineMeasurements gpu = Machine("fast", 4, Setting("CUDA", (900, 12, true)));

        Recommendation found = Recommendation.Make(new Demand(120, TimeSpan.FromMilliseconds(100), null), Prices, [Small, gpu]);

        Assert.All(found.Choices.Where(choice => choice.Setting.Provider == "CUDA"), choice => Assert.Equal("fast", choice.Kind.Name));
        Assert.Equal(["small", "fast"], found.Front.Select(choice => choice.Kind.Name).Distinct());
    }

    [Fact]
    public void Make_VariantsBelowTheAccuracy_AreLeftOut()
    {
        MeasuredSetting quantized = Setting("CPU", (500, 5, true)) with { Accuracy = new MeasuredAccuracy("accuracy", 0.7, 0.6, 0.8, 100) };
        MeasuredSetting whole = Setting("CPU", (50, 50, true)) with { Accuracy = new MeasuredAccuracy("accuracy", 0.9, 0.8, 0.95, 100) };

        Recommendation found = Recommendation.Make(
            new Demand(10, TimeSpan.FromSeconds(1), 0.85),
            Prices,
            [Small with { Settings = [quantized, whole, Setting("CPU", (900, 1, true))] }]
        );

        Assert.All(found.Choices, choice => Assert.Same(whole, choice.Setting));
    }

    [Fact]
    public void Make_WhatNothingAnswers_HasNoBest() =>
        Assert.Null(Recommendation.Make(new Demand(120, TimeSpan.FromMilliseconds(1), null), Prices, [Small]).Best);

    [Fact]
    public void Make_AMachineThatMeasuredAnotherPackage_IsLeftOut_AndNamed()
    {
        MachineMeasurements other = Machine("large", 8, Setting("CPU", (900, 1, true))) with { Model = "other/1", Digest = "sha256:1" };

        Recommendation found = Recommendation.Make(new Demand(120, TimeSpan.FromMilliseconds(100), null), Prices, [Small, other]);

        Assert.All(found.Choices, choice => Assert.Equal("a small machine", choice.MeasuredOn));
        Assert.Equal("a large machine: it measured other/1 (sha256:1), another package.", found.NotCompared[0]);
    }

    [Theory]
    [InlineData(0, 20, 5, "its.json: a small machine has 0 cores; expected is 1 or more.")]
    [InlineData(2, -5, 5, "its.json: a small machine has -5 predictions a second within 5 ms; expected are numbers above 0.")]
    [InlineData(2, 20, double.NaN, "its.json: a small machine has 20 predictions a second within NaN ms; expected are numbers above 0.")]
    public void AMeasurementThatCannotBe_IsNamed(int cores, double rate, double p95, string message)
    {
        MachineMeasurements machine = Machine("small", cores, Setting("CPU", (rate, p95, true)));

        Assert.Equal(message, Assert.Throws<SizingInputException>(() => machine.Check("its.json")).Message);
    }

    [Fact]
    public void AFront_HasWhatNothingBetters()
    {
        (int, int)[] front = [.. ParetoFront.Of([(3, 1), (1, 9), (2, 9), (2, 5), (4, 1), (5, 0)], item => item.Item1, item => item.Item2)];

        Assert.Equal([(1, 9), (2, 5), (3, 1), (5, 0)], front);
    }

    [Fact]
    public void ADemand_OfMedia_IsARate()
    {
        Demand demand = Demand.Of(rate: 1, mediaHours: 24, perHour: 3600, peak: 2, TimeSpan.FromSeconds(1), leastAccuracy: null);

        Assert.Equal(3, demand.Rate);
    }

    [Theory]
    [InlineData(0, 0, 1, "The demand is 0; expected is a rate")]
    [InlineData(-1, 0, 1, "The rate is -1; expected is a number that is not negative.")]
    [InlineData(double.NaN, 0, 1, "The rate is NaN")]
    [InlineData(1e7, 0, 1, "The demand is 10000000 predictions a second; expected is up to 1000000.")]
    [InlineData(1, 0, 0.5, "The peak is 0.5 × the mean; expected is 1 or more.")]
    public void ADemandThatCannotBe_IsRefused(double rate, double hours, double peak, string message) =>
        Assert.StartsWith(
            message,
            Assert.Throws<SizingInputException>(() => Demand.Of(rate, hours, 10, peak, TimeSpan.FromSeconds(1), null)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(double.NaN, 2, "prices.json: small costs NaN an hour; expected is a number above 0.")]
    [InlineData(0, 2, "prices.json: small costs 0 an hour")]
    [InlineData(1, 0, "prices.json: small has 0 cores and 8 GiB; expected are numbers above 0.")]
    public void APriceThatCannotBe_IsNamed(double price, int cores, string message)
    {
        PriceList list = Prices with { Kinds = [Prices.Kinds[0] with { PerHour = price, Cores = cores }] };

        Assert.StartsWith(message, Assert.Throws<SizingInputException>(() => list.Check("prices.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APriceList_WithoutKinds_OrWithOneTwice_IsRefused()
    {
        Assert.Throws<SizingInputException>(() => (Prices with { Kinds = [] }).Check("prices.json"));
        Assert.Throws<SizingInputException>(() => (Prices with { Kinds = [Prices.Kinds[0], Prices.Kinds[0]] }).Check("prices.json"));
    }

    private static MachineMeasurements Machine(string kind, int cores, MeasuredSetting setting) =>
        new("model", "sha256:0", kind, $"a {kind} machine", cores, DateTimeOffset.UnixEpoch, [], [setting]);

    private static MeasuredSetting Setting(string provider, params (double Rate, double P95, bool Kept)[] rates) =>
        new(
            "onnx/model.onnx",
            provider,
            2,
            8,
            10,
            100,
            4,
            rates[^1].Rate,
            [.. rates.Select(rate => new MeasuredRate(rate.Rate, rate.P95 / 2, rate.P95, rate.P95 * 1.5, rate.Kept))],
            null
        );
}
