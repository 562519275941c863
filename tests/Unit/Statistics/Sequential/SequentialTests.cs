using Serverless.Statistics.Sequential;
using Xunit;

namespace Serverless.Unit.Statistics.Sequential;

/// <summary>The sequential tests under the null, looked at after every value, and on real effects. Seeds are in the output.</summary>
public sealed class SequentialTests(ITestOutputHelper output)
{
    private const double Alpha = 0.05;
    private const int Runs = 200;

    private static readonly double Threshold = Math.Log(1 / Alpha);

    // 5 % of 200 are 10; more than 18 would come by chance less than once in a hundred.
    private const int MostAlarms = 18;

    [Theory]
    [InlineData(0.05, 0)]
    [InlineData(0.3, 0)]
    [InlineData(0.02, 0.01)] // the candidate is worse by just the margin
    public void RateTest_UnderTheNull_KeepsItsRate(double rate, double margin)
    {
        int alarms = CountAlarms(
            random =>
            {
                (Rate reference, Rate candidate) = (default, default);
                return () =>
                {
                    reference = Next(reference, random, rate);
                    candidate = Next(candidate, random, rate + margin);
                    return RateTest.LogEvidence(reference, candidate, margin);
                };
            },
            steps: 300
        );

        Assert.InRange(alarms, 0, MostAlarms);
    }

    [Fact]
    public void RateTest_OfOneRateAtItsLimit_KeepsItsRate()
    {
        int alarms = CountAlarms(
            random =>
            {
                Rate seen = default;
                return () => RateTest.LogEvidence(seen = Next(seen, random, 0.02), 0.02);
            },
            steps: 1_000
        );

        Assert.InRange(alarms, 0, MostAlarms);
    }

    [Fact]
    public void QuantileSequence_HoldsTheQuantileAtAllTimes()
    {
        // Exponential times have their 95 % quantile at ln 20 means.
        double truth = 50 * Math.Log(20);
        int misses = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            LatencyHistogram seen = new();
            bool missed = false;
            for (int i = 0; i < 1_000; i++)
            {
                seen.Add(-50 * Math.Log(1 - random.NextDouble()));
                if (i % 10 == 0)
                {
                    missed |=
                        QuantileSequence.LowerBound(seen, 0.95, Alpha) > truth || QuantileSequence.UpperBound(seen, 0.95, Alpha) < truth;
                }
            }
            if (missed)
            {
                misses++;
            }
            Assert.InRange(QuantileSequence.UpperBound(seen, 0.95, Alpha) / QuantileSequence.LowerBound(seen, 0.95, Alpha), 1, 1.8);
        }
        output.WriteLine($"{misses} of 40 missed");
        Assert.InRange(misses, 0, 9);
    }

    [Fact]
    public void ScoreHistogram_OfOneDistribution_KeepsTheRate()
    {
        int alarms = CountAlarms(
            random =>
            {
                (ScoreHistogram a, ScoreHistogram b) = (new(), new());
                return () =>
                {
                    a.Add(Math.Sqrt(random.NextDouble()));
                    b.Add(Math.Sqrt(random.NextDouble()));
                    return a.LogEvidence(b);
                };
            },
            steps: 200
        );

        Assert.InRange(alarms, 0, MostAlarms);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DifferenceSequence_OfTwoEqualArms_KeepsItsRate(bool adaptive)
    {
        int alarms = CountAlarms(
            random =>
            {
                (MeanTally a, MeanTally b) = (default, default);
                return () =>
                {
                    a = a.Add(random.NextDouble() < 0.1 ? 1 : 0);
                    b = b.Add(random.NextDouble() < 0.1 ? 1 : 0);
                    ConfidenceBounds difference = adaptive
                        ? DifferenceSequence.BetweenAdaptive(a, b, 0.02, Alpha)
                        : DifferenceSequence.Between(a, b, 0.02, Alpha);
                    return difference.Excludes(0) ? double.PositiveInfinity : 0;
                };
            },
            steps: 3_000
        );

        Assert.InRange(alarms, 0, MostAlarms);
    }

    [Fact]
    public void DifferenceSequence_OfARealLift_FindsItAndHoldsIt()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            Random random = new(seed);
            (MeanTally a, MeanTally b) = (default, default);
            ConfidenceBounds difference = ConfidenceBounds.Unknown;
            while (!difference.Excludes(0) && a.Count < 20_000)
            {
                a = a.Add(random.NextDouble() < 0.10 ? 1 : 0);
                b = b.Add(random.NextDouble() < 0.13 ? 1 : 0);
                difference = DifferenceSequence.Between(a, b, 0.02, Alpha);
            }

            output.WriteLine($"seed {seed}: {difference} after {a.Count} an arm");
            Assert.InRange(0.03, difference.Low, difference.High);
            Assert.InRange(a.Count, 100, 12_000);
        }
    }

    [Fact]
    public void SampleRatioTest_OfTheIntendedWeights_KeepsItsRate()
    {
        int alarms = CountAlarms(
            random =>
            {
                long[] counts = new long[3];
                return () =>
                {
                    counts[
                        random.NextDouble() switch
                        {
                            < 0.2 => 0,
                            < 0.5 => 1,
                            _ => 2,
                        }
                    ]++;
                    return SampleRatioTest.LogEvidence(counts, [0.2, 0.3, 0.5]);
                };
            },
            steps: 1_000
        );

        Assert.InRange(alarms, 0, MostAlarms);
    }

    [Fact]
    public void SampleRatioTest_OfArmsThatLoseSome_FindsIt()
    {
        Random random = new(1);
        long[] counts = new long[2];
        double evidence = 0;
        while (evidence < Math.Log(1 / 0.001) && counts.Sum() < 20_000)
        {
            // Every tenth request of the second arm is lost on the way.
            int arm = random.Next(2);
            if (arm == 0 || random.Next(10) > 0)
            {
                counts[arm]++;
            }
            evidence = SampleRatioTest.LogEvidence(counts, [0.5, 0.5]);
        }

        output.WriteLine($"after {counts.Sum()}");
        Assert.InRange(counts.Sum(), 100, 12_000);
    }

    [Fact]
    public void MeanTally_Matches_TheTwoPassFormula()
    {
        double[] values = [1, 4, 9, 16.5, -3];

        MeanTally tally = values.Aggregate(default(MeanTally), (sum, value) => sum.Add(value));

        double mean = values.Average();
        Assert.Equal(mean, tally.Mean, 12);
        Assert.Equal(values.Sum(value => Math.Pow(value - mean, 2)) / 4, tally.Variance, 12);
    }

    /// <summary>Runs in which the evidence, looked at after every value, ever passed the threshold.</summary>
    private int CountAlarms(Func<Random, Func<double>> start, int steps)
    {
        int alarms = 0;
        for (int seed = 0; seed < Runs; seed++)
        {
            Func<double> look = start(new Random(seed));
            for (int i = 0; i < steps; i++)
            {
                if (look() < Threshold)
                {
                    continue;
                }
                alarms++;
                break;
            }
        }
        output.WriteLine($"{alarms} alarms in {Runs} runs, seeds 0 to {Runs - 1}");
        return alarms;
    }

    private static Rate Next(Rate rate, Random random, double p) => new(rate.Bad + (random.NextDouble() < p ? 1 : 0), rate.Total + 1);
}
