using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class RunSearchTests
{
    private static readonly DateTimeOffset Now = RunsOf.Start.AddHours(1);

    private static readonly RunEntry[] Runs =
    [
        RunsOf.Run("c", 1, RunStatus.Failed, "B"),
        RunsOf.Run("a", 3, RunStatus.Running, "A"),
        RunsOf.Run("b", 1, RunStatus.Completed, "C") with
        {
            Ended = RunsOf.Start.AddMinutes(11),
        },
        RunsOf.Run("d", 2, RunStatus.Completed, "A"),
    ];

    [Theory]
    [InlineData(RunSort.Created, true, "a d b c")]
    [InlineData(RunSort.Created, false, "b c d a")]
    [InlineData(RunSort.Updated, true, "a d b c")]
    [InlineData(RunSort.Duration, true, "a b c d")]
    [InlineData(RunSort.Name, false, "a d c b")]
    [InlineData(RunSort.Status, false, "a b d c")]
    public void APage_IsInTheOrderThatIsAsked_AndOfEqualsById(RunSort sort, bool isDescending, string expected)
    {
        FoundRuns found = RunSearch.Page(Runs, new RunQuery(new RunFilter(), sort, isDescending, 10), Now);

        Assert.Equal(expected, string.Join(' ', found.Runs.Select(run => run.Id)));
        Assert.Equal((4, null), (found.Total, found.Next));
    }

    [Theory]
    [InlineData(RunSort.Created)]
    [InlineData(RunSort.Duration)]
    [InlineData(RunSort.Name)]
    [InlineData(RunSort.Status)]
    public void Pages_HaveEachRunOnce_WhateverTheirSize(RunSort sort)
    {
        Random random = new(7);
        RunEntry[] runs =
        [
            .. Enumerable
                .Range(0, 200)
                .Select(i => RunsOf.Run($"run-{i:d3}", random.Next(5), (RunStatus)random.Next(6), $"{random.Next(4)}")),
        ];
        string[] whole = Ids(RunSearch.Page(runs, new RunQuery(new RunFilter(), sort, IsDescending: true, 200), Now));

        List<string> paged = [];
        RunCursor? after = null;
        DateTimeOffset now = Now;
        do
        {
            FoundRuns page = RunSearch.Page(runs, new RunQuery(new RunFilter(), sort, IsDescending: true, 7, after), now);
            paged.AddRange(Ids(page));
            after = page.Next is null ? null : RunCursor.Parse(page.Next.ToString());
            now = now.AddMinutes(1); // runs that go on last longer, and stay where they are in the list
        } while (after is not null);

        Assert.Equal(whole, paged);
    }

    [Fact]
    public void ARunThatComes_WhilePagesAreTurned_MovesNone()
    {
        RunQuery first = new(new RunFilter(), RunSort.Created, IsDescending: true, 2);
        FoundRuns page = RunSearch.Page(Runs, first, Now);

        FoundRuns next = RunSearch.Page([.. Runs, RunsOf.Run("new", 9)], first with { After = page.Next }, Now);

        Assert.Equal(["b", "c"], Ids(next));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no base64!")]
    [InlineData("QUFBQQ")] // base64 of what is no cursor
    [InlineData("Q3JlYXRlZApUcnVlCjk5OTk5OTk5OTk5OTk5OTk5OTkKMQoKYQ")] // a moment after the end of time
    [InlineData("OQpUcnVlCjEKMQoKYQ")] // an order by its number, of which there is none
    public void Rejects_ATokenThatNoPageGave(string token) => Assert.Null(RunCursor.Parse(token));

    [Fact]
    public void AToken_CarriesAnyId()
    {
        RunCursor cursor = new(RunSort.Name, IsDescending: false, Now, new RunKey(-5, "Na\u00efve", "a/b%2F\n\ud83d\ude00"));

        Assert.Equal(cursor, RunCursor.Parse(cursor.ToString()));
    }

    private static string[] Ids(FoundRuns found) => [.. found.Runs.Select(run => run.Id)];
}
