using Serverless.Vectors;
using Serverless.Vectors.Rows;
using Serverless.Vectors.Searching;
using Xunit;

namespace Serverless.Unit.Vectors.Searching;

/// <summary>Against all distances, counted one by one.</summary>
public sealed unsafe class SignScanTests
{
    private const int Dimensions = 128;
    private const int Rows = 30_000;
    private const int Wanted = 300;

    /// <summary>Of one view and of several, of all rows and of a third of them.</summary>
    [Theory]
    [InlineData(1, false), InlineData(3, false), InlineData(1, true), InlineData(3, true)]
    public void Choose_GivesTheNearest_AndAllAsNearAsTheLast(int views, bool isFiltered)
    {
        Random random = new(11);
        float[] query = Vector(random);
        AskedRows[] asked = [.. Enumerable.Range(0, views).Select(_ => Asked(random, isFiltered, (_, _) => Vector(random)))];

        AssertNearest(asked, query);
    }

    /// <summary>The few rows that are looked at first are all like the query, and hardly another is: they mislead.</summary>
    [Fact]
    public void Choose_WhenTheSampleMisleads_LosesNothing()
    {
        Random random = new(12);
        float[] query = Vector(random);
        AskedRows asked = Asked(random, isFiltered: false, (random, row) => row / 8 % 256 < 2 ? query : Vector(random));

        AssertNearest([asked], query);
    }

    /// <summary>More than there is room for at first.</summary>
    [Fact]
    public void Choose_OfRowsThatAreAllAsNear_GivesAll()
    {
        Random random = new(13);
        float[] query = Vector(random),
            row = Vector(random);

        AssertNearest([Asked(random, isFiltered: false, (_, _) => row)], query);
    }

    private static void AssertNearest(AskedRows[] asked, float[] query)
    {
        EncodedQuery encoded = new(query);
        using SignScan scan = new(encoded, Dimensions, Wanted);

        RowAt[] chosen = [.. scan.Choose(asked).ToArray().Select(SignScan.RowOf)];

        (int Distance, RowAt At)[] all =
        [
            .. asked
                .SelectMany((one, view) => Listed(one).Select(row => (DistanceOf(one, row, encoded), new RowAt(view, row))))
                .OrderBy(row => row.Item1),
        ];
        RowAt[] nearest = [.. all.Where(row => row.Distance <= all[Wanted - 1].Distance).Select(row => row.At)];
        Assert.Equal(nearest.OrderBy(at => at.View).ThenBy(at => at.Row), chosen);
    }

    private static int[] Listed(AskedRows asked)
    {
        int[] rows = new int[asked.View.Count];
        return rows[..asked.List(0, asked.View.Count, rows)];
    }

    private static int DistanceOf(AskedRows asked, int row, EncodedQuery query)
    {
        int words = RowLayout.WordsOf(Dimensions);
        return Enumerable
            .Range(0, words)
            .Sum(word =>
                System.Numerics.BitOperations.PopCount(asked.View.Memory.Signs[RowLayout.SignWord(row, word, words)] ^ query.Signs[word])
            );
    }

    private static AskedRows Asked(Random random, bool isFiltered, Func<Random, int, float[]> make)
    {
        RowMemory memory = RowMemory.Allocate(new RowLayout(Dimensions, Rows));
        for (int row = 0; row < Rows; row++)
        {
            memory.Set(row, make(random, row), kind: 0);
        }
        RowsView view = new(new OpenRows(Dimensions, 1), memory, Rows, null, Rows, 1);
        if (!isFiltered)
        {
            return new AskedRows(view, null, Rows);
        }
        ulong[] bits = new ulong[memory.Layout.Padded / 64];
        int count = 0;
        for (int row = 0; row < Rows; row += 3)
        {
            bits[row >> 6] |= 1UL << row;
            count++;
        }
        return new AskedRows(view, bits, count);
    }

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.5f)];
}
