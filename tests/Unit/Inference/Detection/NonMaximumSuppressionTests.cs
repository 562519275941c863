using FsCheck;
using FsCheck.Fluent;
using Serverless.Inference.Detection;
using Xunit;

namespace Serverless.Unit.Inference.Detection;

public sealed class NonMaximumSuppressionTests
{
    private static Arbitrary<ScoredBox[]> Boxes() =>
        (
            from left in Gen.Choose(0, 40)
            from top in Gen.Choose(0, 40)
            from width in Gen.Choose(0, 30)
            from height in Gen.Choose(0, 30)
            from label in Gen.Choose(0, 2)
            from score in Gen.Choose(0, 20)
            select new ScoredBox(left, top, left + width, top + height, label, score / 20f)
        )
            .ArrayOf()
            .ToArbitrary();

    /// <summary>The definition: who stays is decided from the best downwards, by whether a better one that stays overlaps.</summary>
    [Theory]
    [InlineData(false, 0.5f)]
    [InlineData(true, 0.3f)]
    public void Select_IsTheScalarDefinition(bool acrossLabels, float threshold) =>
        Prop.ForAll(Boxes(), boxes =>
            {
                int[] order = [.. Enumerable.Range(0, boxes.Length).OrderByDescending(i => boxes[i].Score)];
                bool[] stays = new bool[boxes.Length];
                for (int a = 0; a < order.Length; a++)
                {
                    stays[order[a]] = true;
                    for (int b = 0; b < a; b++)
                    {
                        bool rivals = acrossLabels || boxes[order[a]].Label == boxes[order[b]].Label;
                        if (stays[order[b]] && rivals && CountedOverlap(boxes[order[a]], boxes[order[b]]) > threshold)
                        {
                            stays[order[a]] = false;
                        }
                    }
                }

                Assert.Equal(
                    order.Where(i => stays[i]).Select(i => boxes[i]),
                    NonMaximumSuppression.Select([.. boxes], threshold, acrossLabels)
                );
            })
            .QuickCheckThrowOnFailure();

    /// <summary>By counting unit squares.</summary>
    private static float CountedOverlap(ScoredBox a, ScoredBox b)
    {
        int both = 0,
            either = 0;
        for (int y = 0; y < 70; y++)
        {
            for (int x = 0; x < 70; x++)
            {
                bool inA = x >= a.Left && x < a.Right && y >= a.Top && y < a.Bottom,
                    inB = x >= b.Left && x < b.Right && y >= b.Top && y < b.Bottom;
                both += inA && inB ? 1 : 0;
                either += inA || inB ? 1 : 0;
            }
        }
        return either == 0 ? 0 : (float)both / either;
    }
}
