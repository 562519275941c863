using Serverless.Rollout;
using Xunit;

namespace Serverless.Unit.Rollout;

public sealed class StickyAssignmentTests
{
    private const int Keys = 100_000;

    [Theory]
    [InlineData("user-")]
    [InlineData("")]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a")]
    public void Position_OfManyKeys_IsUniform(string prefix)
    {
        int[] buckets = new int[100];
        for (int i = 0; i < Keys; i++)
        {
            buckets[(int)(StickyAssignment.Position("salt", prefix + i) * buckets.Length)]++;
        }

        double expected = Keys / (double)buckets.Length;
        double chiSquare = buckets.Sum(count => Math.Pow(count - expected, 2) / expected);

        Assert.InRange(chiSquare, 50, 161); // 0.01 % on either side, 99 degrees of freedom
    }

    [Fact]
    public void Position_UnderTwoSalts_IsIndependent()
    {
        const int side = 10;
        int[] cells = new int[side * side];
        for (int i = 0; i < Keys; i++)
        {
            cells[
                ((int)(StickyAssignment.Position("experiment-1", $"user-{i}") * side) * side)
                    + (int)(StickyAssignment.Position("experiment-2", $"user-{i}") * side)
            ]++;
        }

        double expected = Keys / (double)cells.Length;
        double chiSquare = cells.Sum(count => Math.Pow(count - expected, 2) / expected);

        Assert.InRange(chiSquare, 50, 161);
    }

    [Fact]
    public void Position_OfCallersWithoutKey_IsUniformAndUncorrelatedWithTheNext()
    {
        const int side = 10;
        int[] cells = new int[side * side];
        for (ulong n = 0; n < Keys; n++)
        {
            cells[((int)(StickyAssignment.Position(7, n) * side) * side) + (int)(StickyAssignment.Position(7, n + 1) * side)]++;
        }

        double expected = Keys / (double)cells.Length;
        double chiSquare = cells.Sum(count => Math.Pow(count - expected, 2) / expected);

        Assert.InRange(chiSquare, 50, 161);
    }

    [Fact]
    public void Position_OfALongKey_IsThatOfAllItsBytes()
    {
        string key = new('k', 5000);

        Assert.Equal(StickyAssignment.Position("s", key), StickyAssignment.Position("s", key));
        Assert.NotEqual(StickyAssignment.Position("s", key), StickyAssignment.Position("s", key + "k"));
        Assert.NotEqual(StickyAssignment.Position("a", "bc"), StickyAssignment.Position("ab", "c"));
    }
}
