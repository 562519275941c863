using Serverless.Statistics.Metrics;
using Xunit;

namespace Serverless.Unit.Statistics.Metrics;

public sealed class SpansTests
{
    /// <summary>Worked out by hand: 2 hits, 2 wrong (another end, another type), 3 missed: 4 / 9.</summary>
    [Fact]
    public void F1_TakesExactOffsetsAndTypeOnly()
    {
        TypedSpan[][] wanted =
        [
            [new(0, 5, "PER"), new(10, 4, "LOC")],
            [new(3, 2, "ORG"), new(8, 1, "LOC")],
            [new(1, 1, "PER")],
        ];
        TypedSpan[][] found =
        [
            [new(0, 5, "PER"), new(10, 5, "LOC")],
            [new(3, 2, "PER"), new(8, 1, "LOC")],
            [],
        ];

        Assert.Equal(4.0 / 9, Spans.F1(wanted, found).Evaluate(), 12);
    }

    [Fact]
    public void F1_WhereNothingIsWantedAndNothingFound_IsOne() =>
        Assert.Equal(
            1,
            Spans
                .F1(
                    [
                        [],
                    ],
                    [
                        [],
                    ]
                )
                .Evaluate()
        );
}
