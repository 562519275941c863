using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs;
using Serverless.Unit.Servers;
using Xunit;
using static Serverless.Unit.Functions.Azure.Runs.UnorderedRuns;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class NewestRunsTests
{
    private static readonly DateTimeOffset Now = new ManualTime().GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(1), InlineData(7), InlineData(50)]
    public async Task Pages_OfRunsOverTwoYears_NameEachOnceTheNewestFirst(int limit)
    {
        Random random = new(11);
        OrchestrationMetadata[] runs =
        [
            .. Enumerable
                .Range(0, 120)
                .Select(i => Run($"{random.Next():x8}{i}", Now - TimeSpan.FromDays(730) * Math.Pow(random.NextDouble(), 6))),
        ];

        List<string> listed = await ListAsync(new UnorderedRuns(runs), new CreationFilter(), limit);

        Assert.Equal(runs.OrderByDescending(run => run.CreatedAt).Select(run => run.InstanceId), listed);
    }

    [Fact]
    public async Task Pages_OfRunsOfOneMoment_NameEachOnceById()
    {
        OrchestrationMetadata[] runs = [.. Enumerable.Range(0, 25).Select(i => Run($"{i:00}", Now - TimeSpan.FromHours(1)))];

        List<string> listed = await ListAsync(new UnorderedRuns(runs), new CreationFilter(), limit: 10);

        Assert.Equal(runs.Select(run => run.InstanceId), listed);
    }

    [Fact]
    public async Task Pages_OfMoreThanAWindowMayHold_AreTheNewestAllTheSame()
    {
        OrchestrationMetadata[] runs =
        [
            .. Enumerable.Range(0, 6_000).Select(i => Run($"{i * 7919 % 6_000:0000}", Now - TimeSpan.FromSeconds(i * 0.5))),
        ];
        UnorderedRuns store = new(runs);

        RunPage page = await PageAsync(store, new CreationFilter(), limit: 200, after: null);

        Assert.Equal(runs.Take(200).Select(run => run.InstanceId), page.Runs.Select(run => run.InstanceId));
        Assert.Null(page.Incomplete);
        Assert.InRange(store.Read, 200, NewestRuns.MaxRead);
    }

    [Fact]
    public async Task Page_ThatMustReadTooMany_EndsEarlyAndTheNextGoesOn()
    {
        // What the store cannot filter by lets one in a hundred pass.
        OrchestrationMetadata[] runs = [.. Enumerable.Range(0, 20_000).Select(i => Run($"{i:00000}", Now - TimeSpan.FromSeconds(i * 2)))];
        CreationFilter filter = new(Admits: run => run.InstanceId.EndsWith("00", StringComparison.Ordinal));

        RunPage first = await PageAsync(new UnorderedRuns(runs), filter, limit: 200, after: null);
        List<string> listed = await ListAsync(new UnorderedRuns(runs), filter, limit: 200);

        Assert.NotNull(first.Incomplete);
        Assert.NotNull(first.Next);
        Assert.Equal(runs.Where(filter.Admits!).Select(run => run.InstanceId), listed);
    }

    [Fact]
    public async Task Page_OfMoreOfOneMomentThanAPageMayRead_SaysWhatMayBeMissing()
    {
        OrchestrationMetadata[] runs = [.. Enumerable.Range(0, 6_000).Select(i => Run($"{i:0000}", Now))];

        RunPage page = await PageAsync(new UnorderedRuns(runs), new CreationFilter(), limit: 50, after: null);

        Assert.Equal(50, page.Runs.Count);
        Assert.Contains("may be missing", page.Incomplete, StringComparison.Ordinal);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Page_ThatTakesTooLong_EndsEarly()
    {
        FakeTimeProvider time = new(Now);
        OrchestrationMetadata[] runs = [.. Enumerable.Range(0, 600).Select(i => Run($"{i:000}", Now - TimeSpan.FromMinutes(i)))];
        UnorderedRuns store = new(runs, paged: () => time.Advance(TimeSpan.FromSeconds(4)));

        RunPage page = await new NewestRuns(store.Client, time).ReadPageAsync(new CreationFilter(), 200, after: null, Token);

        Assert.Equal(runs.Take(page.Runs.Count).Select(run => run.InstanceId), page.Runs.Select(run => run.InstanceId));
        Assert.NotNull(page.Incomplete);
        Assert.NotNull(page.Next);
    }

    [Fact]
    public async Task Pages_OfAPrefixAndAStatus_HoldNothingElse()
    {
        OrchestrationMetadata[] runs =
        [
            Run("a-1", Now),
            Run("b-1", Now),
            Run("a-2", Now - TimeSpan.FromDays(3), OrchestrationRuntimeStatus.Failed),
            Run("a-3", Now - TimeSpan.FromDays(400), OrchestrationRuntimeStatus.Failed),
            Run("b-2", Now, OrchestrationRuntimeStatus.Failed),
        ];

        List<string> listed = await ListAsync(
            new UnorderedRuns(runs),
            new CreationFilter("a-", OrchestrationRuntimeStatus.Failed),
            limit: 1
        );

        Assert.Equal(["a-2", "a-3"], listed);
    }

    [Theory, InlineData("x"), InlineData("-a"), InlineData("7fffffffffffffff-a"), InlineData("ffffffffffffffff")]
    public void Position_OfAForeignToken_IsRefused(string token) =>
        Assert.Equal(400, Assert.Throws<RequestProblem>(() => RunPosition.Parse(token)).Status);

    [Theory, InlineData("0"), InlineData("0-a-b")]
    public async Task Page_BehindAllRuns_IsEmpty(string token)
    {
        RunPage page = await PageAsync(new UnorderedRuns([Run("a", Now)]), new CreationFilter(), 10, RunPosition.Parse(token));

        Assert.Empty(page.Runs);
        Assert.Null(page.Next);
    }

    private static async Task<List<string>> ListAsync(UnorderedRuns store, CreationFilter filter, int limit)
    {
        List<string> listed = [];
        RunPosition? after = null;
        do
        {
            RunPage page = await PageAsync(store, filter, limit, after);
            Assert.InRange(page.Runs.Count, 0, limit);
            listed.AddRange(page.Runs.Select(run => run.InstanceId));
            after = page.Next is null ? null : RunPosition.Parse(page.Next.ToString());
        } while (after is not null);
        return listed;
    }

    private static Task<RunPage> PageAsync(UnorderedRuns store, CreationFilter filter, int limit, RunPosition? after) =>
        new NewestRuns(store.Client, new ManualTime()).ReadPageAsync(filter, limit, after, Token);
}
