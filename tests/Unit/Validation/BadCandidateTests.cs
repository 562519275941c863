using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;
using Xunit;

namespace Serverless.Unit.Validation;

/// <summary>Real packages with injected faults, each in a real process on trial: the right gate finds each, and says so.</summary>
public sealed class BadCandidateTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<GoldenItem> Few = Candidates.Golden(english: 40, german: 40);

    [Fact]
    public async Task ASoundCandidate_PassesEveryGate()
    {
        ValidationReport report = await ValidateAsync("sound-again", Candidates.Golden());

        Assert.DoesNotContain(report.Gates, g => !g.Passed);
        Assert.Equal(1, report.Metrics[0].Candidate.Value);
        Assert.Equal(2, report.Sides.Count(s => s.PeakBytes > 20 << 20));
    }

    [Fact]
    public async Task AFirstVersion_IsJudgedByThresholdsAlone()
    {
        ValidationReport report = Show(await Candidates.ValidateAsync("sound", Few, serving: null));

        Assert.True(report.Passed);
        Assert.Contains(
            "thresholds alone decide",
            report.Gates.Single(g => g.Name == "accuracy compared").Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task WrongLabelsInATwentiethOfASlice_AreFoundInThatSlice()
    {
        ValidationReport report = await ValidateAsync("wrong-word", Candidates.Golden());

        Assert.Equal(["slice: language de", "slice: source blog"], report.Gates.Where(g => !g.Passed).Select(g => g.Name));
        Assert.Contains(
            "language 'de', 200 items, accuracy fell from 1.000 in version 1, which serves, to 0.950",
            report.Gates.First(g => !g.Passed).Sentence,
            StringComparison.Ordinal
        );
        Assert.All(report.Worse, item => Assert.StartsWith("de-", item.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NumbersThatAreNone_AreFoundByTheGoldenSet()
    {
        ValidationReport report = await ValidateAsync("not-a-number", Few);

        Gate answers = report.Gates.Single(g => g.Name == "answers");
        Assert.False(answers.Passed);
        Assert.Contains("not finite numbers", answers.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswersThatDependOnTheBatch_AreFoundByPermutingIt()
    {
        ValidationReport report = await ValidateAsync("batch-dependent", Few);

        Assert.Contains(
            "in another order are answered differently",
            report.Gates.Single(g => g.Name == "robustness: permuted batch").Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ASlowCandidate_IsFoundBesideWhatServes()
    {
        ValidationReport report = Show(
            await Candidates.ValidateAsync("slow", Candidates.Golden(english: 32, german: 0), options =>
                options.Gates.LatencySlack = TimeSpan.FromMilliseconds(5)
            )
        );

        Gate latency = report.Gates.Single(g => g.Name == "latency");
        Assert.False(latency.Passed);
        Assert.Contains("more than version 1, which serves", latency.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACandidateThatSeemsSlow_IsTimedOnceMoreByProcessesOfTheirOwn()
    {
        List<TrialRecord> asked = [];

        ValidationReport report = await Candidates.ValidateAsync("sound", Few, serving: "sound", isSlow: trial =>
        {
            asked.Add(trial);
            return true;
        });

        TrialRecord first = Assert.Single(asked);
        Assert.NotEqual(SideFinding.Of(first.Candidate).Milliseconds, report.Sides[0].Milliseconds);
        Assert.NotEqual(SideFinding.Of(first.Serving!).Milliseconds, report.Sides[1].Milliseconds);
        Assert.Equal(first.Candidate.Milliseconds.Count, report.Sides[0].Milliseconds.Count);
        Assert.Equal(first.Candidate.LoadMilliseconds, report.Sides[0].LoadMilliseconds);
        Assert.True(report.Passed);
    }

    [Fact]
    public async Task AGraphWithoutEnd_IsKilledWhenItsTimeIsUp()
    {
        ValidationReport report = await ValidateAsync("endless", Few, options => options.LoadWithin = TimeSpan.FromSeconds(1.5));

        Gate load = Assert.Single(report.Gates, g => !g.Passed);
        Assert.Equal(("load", "over its time"), (load.Name, load.Found));
    }

    [Fact]
    public async Task ACandidateThatGrows_IsKilledAtItsMemory()
    {
        ValidationReport report = await ValidateAsync("hungry", Few, options => options.MaxMemoryBytes = 300L << 20);

        Gate load = Assert.Single(report.Gates, g => !g.Passed);
        Assert.Equal(("load", "over its memory"), (load.Name, load.Found));
        Assert.Contains("allowed are 300 MB", load.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACandidateThatDoesNotOpen_IsRefusedWithTheRuntimesReason()
    {
        ValidationReport report = await ValidateAsync("unopenable", Few);

        Gate load = Assert.Single(report.Gates, g => !g.Passed);
        Assert.Contains("Incompatible dimensions", load.Sentence, StringComparison.Ordinal);
    }

    private async Task<ValidationReport> ValidateAsync(
        string name,
        IReadOnlyList<GoldenItem> golden,
        Action<Serverless.Validation.Trials.TrialOptions>? configure = null
    ) => Show(await Candidates.ValidateAsync(name, golden, options => configure?.Invoke(options.Trial)));

    private ValidationReport Show(ValidationReport report)
    {
        foreach (Gate gate in report.Gates)
        {
            output.WriteLine($"{(gate.Passed ? "passed" : "FAILED")} {gate.Name}: {gate.Sentence}");
        }
        return report;
    }
}
