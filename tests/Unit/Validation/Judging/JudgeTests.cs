using Serverless.Packages;
using Serverless.Unit.Validation;
using Serverless.Validation;
using Serverless.Validation.Golden;
using Serverless.Validation.Judging;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;
using Xunit;

namespace Serverless.Unit.Validation.Judging;

/// <summary>What trials might have seen, and the gates that stop them; no process is started.</summary>
public sealed class JudgeTests
{
    private const int Items = 400;

    private static readonly IReadOnlyList<GoldenItem> Golden = Candidates.Golden(english: Items, german: 0);

    [Fact]
    public void EqualVersions_PassEveryGate() => Assert.Empty(Failed(Judge(Side(wrong: 8), Side(wrong: 8))));

    [Theory]
    [InlineData(190, 190, "accuracy", "that does not safely reach the 0.5")] // 0.525, but by chance it may be less
    [InlineData(40, 8, "accuracy compared", "it is worse, and may be so by 0.02 or more")]
    [InlineData(14, -10, "accuracy compared", "400 items are too few to rule a loss of 0.02 out")]
    public void ALossOfQuality_IsNamed(int wrong, int wrongInServing, string gate, string sentence)
    {
        Gate failed = Failed(Judge(Side(wrong), Side(wrongInServing))).First(g => g.Name == gate);

        Assert.Contains(sentence, failed.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 100, 220, null)]
    [InlineData(
        220,
        100,
        100,
        "One answer takes 220.0 ms (median), 200.0 ms more than version 1, which serves, with 20.0 ms; allowed are 30.0 ms."
    )]
    [InlineData(2_500, 100, 100, "One answer takes 2500.0 ms at p95 on this host; allowed are 2000 ms.")]
    [InlineData(20, 400, 100, "The process took 400 MB at most; version 1, which serves, took 100 MB; allowed are 228 MB.")]
    [InlineData(20, 5_000, 4_000, "The process took 5,000 MB at most; version 1, which serves, took 4,000 MB; allowed are 4,096 MB.")]
    public void WhatCostsTooMuch_IsNamed(double milliseconds, int megabytes, int servingMegabytes, string? sentence)
    {
        ValidationReport report = Judge(Side(0, milliseconds, megabytes), Side(0, 20, servingMegabytes));

        Assert.Equal(sentence is null ? [] : [sentence], Failed(report).Select(g => g.Sentence));
    }

    [Fact]
    public void OtherWorkOnTheHost_IsNotBlamedOnTheCandidate()
    {
        // Just over half of the one's answers were disturbed, and just under half of the other's.
        TrialSide candidate = Side(0) with { Milliseconds = Disturbed(turns: 13, first: 0) };
        TrialSide serving = Side(0) with { Milliseconds = Disturbed(turns: 11, first: 13) };

        ValidationReport report = Judge(candidate, serving);

        Assert.Empty(Failed(report));
        Assert.Contains(
            "takes 80.0 ms (median); version 1, which serves, takes 0.1 ms",
            report.Gates.Single(g => g.Name == "latency").Sentence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(5, true)] // chance explains it with a probability of 1/32
    [InlineData(6, false)] // 1/64
    public void AFewAnswersThatAreSlow_AreNamedWhenChanceDoesNotExplainThem(int turns, bool passes)
    {
        TrialSide candidate = Side(0) with { Milliseconds = Disturbed(turns, first: 0, milliseconds: 400) };
        TrialSide serving = Side(0) with { Milliseconds = Disturbed(turns: 0, first: 0) };

        Assert.Equal(passes, Judge(candidate, serving).Gates.Single(g => g.Name == "latency").Passed);
    }

    [Fact]
    public void AFaultOfWhatServes_DoesNotKeepItsRepairOut()
    {
        TrialSide broken = new(1, new TrialFault("load", TrialEnd.Crashed, "It crashed."), 0, 0, [], []);

        ValidationReport report = Judge(Side(0), broken);

        Assert.True(report.Passed);
        Assert.Contains(
            "could not be tried itself (It crashed.)",
            report.Gates.Single(g => g.Name == "accuracy compared").Sentence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("load", TrialEnd.Crashed, "load", "crashed", "The model could not be loaded in a process of its own. It fell.")]
    [InlineData("timing", TrialEnd.MemoryLimit, "trial", "over its memory", "The trial ended at the step 'timing'. It fell.")]
    public void WhereATrialEnded_IsNamed(string step, TrialEnd end, string gate, string found, string sentence)
    {
        Gate failed = Failed(Judge(Side(0) with { Fault = new TrialFault(step, end, "It fell.") }, Side(0))).Single();

        Assert.Equal((gate, found, sentence), (failed.Name, failed.Found, failed.Sentence));
    }

    [Fact]
    public void AGoldenSetThatIsTooSmall_IsRefused() =>
        Assert.Contains(
            "too few to tell versions apart; 20 are wanted",
            Failed(
                    new Judge(new ValidationOptions()).Decide(
                        Candidates.Facts(4, serves: false),
                        [.. Golden.Take(4)],
                        Trial(Side(0) with { Answers = [.. Side(0).Answers.Take(4)] }, null),
                        default
                    )
                )
                .Single()
                .Sentence,
            StringComparison.Ordinal
        );

    [Fact]
    public void AProbeThatIsNotWithstood_IsNamed()
    {
        ValidationReport report = new Judge(new ValidationOptions()).Decide(
            Candidates.Facts(Items, serves: false),
            Golden,
            Trial(Side(0), null) with
            {
                Probes = [new ProbeFinding("huge", false, "The process ended by itself with signal 11 (segmentation fault).")],
            },
            default
        );

        Assert.Equal(
            "The model did not withstand huge input. The process ended by itself with signal 11 (segmentation fault).",
            Failed(report).Single().Sentence
        );
    }

    /// <summary>Times of 24 turns of two answers each, which take 0.1 ms where nothing disturbs them.</summary>
    private static double[] Disturbed(int turns, int first, double milliseconds = 80) =>
        [.. Enumerable.Range(0, 48).Select(i => i / 2 >= first && i / 2 < first + turns ? milliseconds : 0.1)];

    private static ValidationReport Judge(TrialSide candidate, TrialSide serving) =>
        new Judge(new ValidationOptions { Gates = { Replicates = 500 } }).Decide(
            Candidates.Facts(Items, serves: true),
            Golden,
            Trial(candidate with { Version = 2 }, serving),
            default
        );

    private static IEnumerable<Gate> Failed(ValidationReport report) => report.Gates.Where(g => !g.Passed);

    private static TrialRecord Trial(TrialSide candidate, TrialSide? serving) =>
        new(ModelTask.TextClassification, "CPU", 2, candidate, serving, [], default);

    /// <summary>Wrong about the first items; below zero, about the last.</summary>
    private static TrialSide Side(int wrong, double milliseconds = 20, int megabytes = 100) =>
        new(
            1,
            null,
            100,
            (long)megabytes << 20,
            [
                .. Golden.Select(
                    (item, i) =>
                        new ItemAnswer
                        {
                            Label =
                                i >= wrong && i < Items + Math.Min(wrong, 0) ? item.Label
                                : item.Label == "sport" ? "politics"
                                : "sport",
                        }
                ),
            ],
            [.. Enumerable.Repeat(milliseconds, 48)]
        );
}
