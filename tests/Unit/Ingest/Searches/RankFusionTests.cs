using FsCheck;
using FsCheck.Fluent;
using Serverless.Ingest.Searches;
using Xunit;

namespace Serverless.Unit.Ingest.Searches;

public sealed class RankFusionTests
{
    [Fact]
    public void Matches_TheFormula()
    {
        IReadOnlyList<Ranked> fused = RankFusion.Fuse(["a", "b"], ["b", "c"]);

        Assert.Equal([new("b", 1.0 / 62 + 1.0 / 61), new("a", 1.0 / 61), new Ranked("c", 1.0 / 62)], fused);
    }

    [Fact]
    public void OneRanking_KeepsItsOrder() =>
        Check(rankings => RankFusion.Fuse(rankings[0], []).Select(one => one.Key).SequenceEqual(rankings[0].Distinct()));

    [Fact]
    public void TheOrderOfRankings_DoesNotMatter() =>
        Check(rankings => RankFusion.Fuse(rankings[0], rankings[1]).SequenceEqual(RankFusion.Fuse(rankings[1], rankings[0])));

    [Fact]
    public void EachIsFoundOnce_WithAtMostTheScoreOfTwoFirstRanks() =>
        Check(rankings =>
        {
            IReadOnlyList<Ranked> fused = RankFusion.Fuse(rankings[0], rankings[1]);
            return fused.Select(one => one.Key).ToHashSet().SetEquals(rankings[0].Concat(rankings[1]))
                && fused.Count == fused.DistinctBy(one => one.Key).Count()
                && fused.All(one => one.Score is > 0 and <= 2.0 / (RankFusion.K + 1));
        });

    [Fact]
    public void WhatIsBetterInBoth_IsBetterInAll() =>
        Check(rankings =>
        {
            string[] first = [.. rankings[0].Distinct()];
            string[] second = [.. rankings[1].Distinct()];
            string[] fused = [.. RankFusion.Fuse(first, second).Select(one => one.Key)];
            return first
                .Intersect(second)
                .SelectMany(a => first.Intersect(second).Select(b => (A: a, B: b)))
                .Where(pair => Before(first, pair.A, pair.B) && Before(second, pair.A, pair.B))
                .All(pair => Before(fused, pair.A, pair.B));
        });

    private static bool Before(string[] ranking, string a, string b) => Array.IndexOf(ranking, a) < Array.IndexOf(ranking, b);

    private static void Check(Func<string[][], bool> holds)
    {
        Gen<string> key = Gen.Choose(0, 12).Select(number => $"key{number}");
        Gen<string[][]> rankings = key.ArrayOf().ArrayOf(2);
        Prop.ForAll(rankings.ToArbitrary(), holds).QuickCheckThrowOnFailure();
    }
}
