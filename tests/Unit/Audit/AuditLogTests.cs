using System.Globalization;
using System.Text;
using Serverless.Audit;
using Serverless.Storage;
using Serverless.Unit.Alerts;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Audit;

public sealed class AuditLogTests(SharedServers servers)
{
    private readonly string _folder = $"audit/{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Act_IsShownWithItsOutcome_TheLatestFirst()
    {
        using AuditLog log = await OpenAsync();

        long first = await BeginAsync(log, "TerminateRun", "ana");
        long second = await BeginAsync(log, "PurgeRun", "bob");
        await log.EndAsync(first, 202, Token);
        AuditPage page = await log.ListAsync(new AuditFilter(), 10, Token);

        Assert.Equal(
            [("PurgeRun", "bob", null), ("TerminateRun", "ana", (int?)202)],
            page.Acts.Select(act => (act.Act, act.By!, act.Status))
        );
        Assert.Equal([second, first], page.Acts.Select(act => act.Sequence));
        Assert.Equal((null, 0), (page.Next, page.Faults));
    }

    [Fact]
    public async Task Log_OfManyWritersAtOnce_IsOneUnbrokenChain()
    {
        using AuditLog one = await OpenAsync();
        using AuditLog other = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(i => new[] { ActAsync(one, i), ActAsync(other, i) }));
        AuditVerdict verdict = await one.VerifyAsync(Token);

        Assert.True(verdict.Intact, string.Join(' ', verdict.Faults));
        Assert.Equal((40, 40), (verdict.Records, verdict.Last));
        Assert.All((await one.ListAsync(new AuditFilter(), 100, Token)).Acts, act => Assert.Equal(200, act.Status));
    }

    /// <summary>A store that is killed may come back without what it had acknowledged last.</summary>
    [Fact]
    public async Task Log_WhoseFileLostItsLastLine_IsWholeAgainWithTheNext()
    {
        IObjectStore store = new AzureObjectStore((await servers.Azurite).Options);
        await BeginAndCloseAsync("TerminateRun", "ana");
        BinaryData earlier = (await store.ReadAsync($"{_folder}/log.jsonl", 1 << 20, Token))!.Data;
        await BeginAndCloseAsync("PurgeRun", "bob");
        using (Stream lost = earlier.ToStream())
        {
            await store.WriteAsync($"{_folder}/log.jsonl", lost, WriteCondition.Always, "application/x-ndjson", Token);
        }

        using AuditLog log = await OpenAsync();
        await BeginAsync(log, "RestartRun", "eve");
        AuditVerdict verdict = await log.VerifyAsync(Token);

        Assert.True(verdict.Intact, string.Join(' ', verdict.Faults));
        Assert.Equal(3, verdict.Records);
    }

    /// <summary>The file is written while the act is done; a process that ends meanwhile leaves the last line in the head alone.</summary>
    [Fact]
    public async Task Begin_ReturnsWhileTheFileIsWritten_AndTheNextProcessMendsIt()
    {
        IObjectStore store = new AzureObjectStore((await servers.Azurite).Options);
        InterruptedStore held = new(store, $"{_folder}/log.jsonl");
        TaskCompletionSource ends = new();
        held.Before(() => ends.Task);
        AuditLog log = new(held, TimeProvider.System, _folder);

        long begun = await BeginAsync(log, "TerminateRun", "ana");
        using AuditLog next = await OpenAsync();
        Assert.Equal("TerminateRun", Assert.Single((await next.ListAsync(new AuditFilter(), 10, Token)).Acts).Act);
        Assert.True((await next.VerifyAsync(Token)).Intact);
        await next.EndAsync(begun, 202, Token);
        ends.SetException(new IOException("The process ends here."));
        await log.DisposeAsync();
        AuditVerdict verdict = await next.VerifyAsync(Token);

        Assert.True(verdict.Intact, string.Join(' ', verdict.Faults));
        Assert.Equal(2, verdict.Records);
    }

    [Fact]
    public async Task Record_AfterItsFileCouldNotBeWritten_MendsIt()
    {
        IObjectStore store = new AzureObjectStore((await servers.Azurite).Options);
        InterruptedStore held = new(store, $"{_folder}/log.jsonl");
        held.Before(() => throw new IOException("The store is away."));
        await using AuditLog log = new(held, TimeProvider.System, _folder);

        long begun = await BeginAsync(log, "TerminateRun", "ana");
        await log.EndAsync(begun, 202, Token);
        AuditVerdict verdict = await log.VerifyAsync(Token);

        Assert.True(verdict.Intact, string.Join(' ', verdict.Faults));
        Assert.Equal(2, verdict.Records);
    }

    [Fact]
    public async Task Pages_OverManyFiles_GiveEachActOnce_WithItsOutcome()
    {
        using AuditLog log = await OpenAsync(maxFileBytes: 2_000);
        for (int i = 0; i < 25; i++)
        {
            await ActAsync(log, i);
        }

        List<AuditedAct> found = [];
        long? before = null;
        do
        {
            AuditPage page = await log.ListAsync(new AuditFilter(Before: before), 7, Token);
            found.AddRange(page.Acts);
            before = page.Next;
        } while (before is not null);

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(i => $"/api/{i}"), found.Select(act => act.Target));
        Assert.All(found, act => Assert.Equal(200, act.Status));
        Assert.True((await log.VerifyAsync(Token)).Intact);
    }

    [Theory]
    [InlineData("by", "ana", 2)]
    [InlineData("id", "key:ana", 2)]
    [InlineData("act", "PurgeRun", 1)]
    [InlineData("target", "purge", 1)]
    public async Task Filter_AdmitsWhatItNames(string what, string value, int expected)
    {
        using AuditLog log = await OpenAsync();
        await BeginAsync(log, "TerminateRun", "ana");
        await BeginAsync(log, "PurgeRun", "ana", "/api/runs/a/purge");
        await BeginAsync(log, "TerminateRun", "bob");

        AuditFilter filter = what switch
        {
            "act" => new AuditFilter(Act: value),
            "target" => new AuditFilter(Target: value),
            _ => new AuditFilter(By: value),
        };

        Assert.Equal(expected, (await log.ListAsync(filter, 10, Token)).Acts.Count);
    }

    [Theory]
    [InlineData("changed", "Its hash is not that of what it says.")]
    [InlineData("taken out", "It does not follow the record before it.")]
    [InlineData("last taken out, head with it", "Its hash is not that of what it says.")]
    public async Task Verify_OfALogThatWasTamperedWith_SaysWhere(string how, string fault)
    {
        for (int i = 0; i < 3; i++)
        {
            await BeginAndCloseAsync("TerminateRun", "ana");
        }
        AzureObjectStore store = new((await servers.Azurite).Options);
        string[] lines =
        [
            .. await new LineFile(store, $"{_folder}/log.jsonl", $"{_folder}/parts/", TimeProvider.System).ReadLinesAsync(Token),
        ];

        await WriteAsync(
            store,
            "log.jsonl",
            how switch
            {
                "changed" => [lines[0].Replace("ana", "eve", StringComparison.Ordinal), .. lines[1..]],
                "taken out" => [lines[0], lines[2]],
                _ => [.. lines[..2], lines[2].Replace("ana", "eve", StringComparison.Ordinal)],
            }
        );
        if (how.StartsWith("last", StringComparison.Ordinal))
        {
            await WriteAsync(store, "head.json", [lines[2].Replace("ana", "eve", StringComparison.Ordinal)], end: "");
        }
        using AuditLog log = await OpenAsync();
        AuditVerdict verdict = await log.VerifyAsync(Token);

        Assert.False(verdict.Intact);
        Assert.Contains(verdict.Faults, found => found.What == fault);
    }

    [Fact]
    public async Task Cut_TakesOldFilesAway_AndTheChainOfTheRestHolds()
    {
        using AuditLog log = await OpenAsync(maxFileBytes: 2_000);
        for (int i = 0; i < 25; i++)
        {
            await ActAsync(log, i);
        }
        DateTimeOffset later = TimeProvider.System.GetUtcNow().AddMinutes(1);

        Assert.False(await log.CutAsync(later.AddDays(-1), Token));
        Assert.True(await log.CutAsync(later, Token));
        Assert.True(await log.CutAsync(later, Token));
        AuditVerdict verdict = await log.VerifyAsync(Token);

        Assert.True(verdict.Intact, string.Join(' ', verdict.Faults));
        Assert.Equal(52, verdict.Last);
        Assert.InRange(verdict.Records, 10, 51);
        Assert.Equal(24, int.Parse((await log.ListAsync(new AuditFilter(), 1, Token)).Acts[0].Target[5..], CultureInfo.InvariantCulture));
    }

    /// <summary>Acts are written between any two reads of whoever verifies, and files are laid aside and cut meanwhile.</summary>
    [Fact]
    public async Task Verify_WhileActsAreWrittenAllTheTime_ReadsOneMomentOfAnUnbrokenChain()
    {
        using AuditLog busy = await OpenAsync(maxFileBytes: 4_000);
        CountingStore read = new(new AzureObjectStore((await servers.Azurite).Options));
        using AuditLog verified = new(read, TimeProvider.System, _folder);
        DateTimeOffset later = TimeProvider.System.GetUtcNow().AddMinutes(1);
        int acts = 0;
        read.BeforeRead = async () =>
        {
            await ActAsync(busy, acts++);
            if (acts % 15 == 0)
            {
                await busy.CutAsync(later, Token);
            }
        };

        for (int i = 0; i < 8; i++)
        {
            AuditVerdict verdict = await verified.VerifyAsync(Token);

            Assert.True(verdict.Intact, string.Join(' ', verdict.Faults));
        }
        Assert.True((await busy.VerifyAsync(Token)).Last > 40);
    }

    [Fact]
    public async Task Verify_OfALogWhoseBeginningIsGoneWithoutACut_SaysSo()
    {
        using AuditLog log = await OpenAsync(maxFileBytes: 2_000);
        for (int i = 0; i < 15; i++)
        {
            await ActAsync(log, i);
        }
        AzureObjectStore store = new((await servers.Azurite).Options);
        LineFile file = new(store, $"{_folder}/log.jsonl", $"{_folder}/parts/", TimeProvider.System);
        await file.RemovePartAsync((await file.ListPartsAsync(Token))[0], Token);

        AuditVerdict verdict = await log.VerifyAsync(Token);

        Assert.False(verdict.Intact);
        Assert.StartsWith("Its sequence number is ", verdict.Faults[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_WhoseHeadWasTamperedWith_TakesNoMore()
    {
        using AuditLog log = await OpenAsync();
        await BeginAsync(log, "TerminateRun", "ana");
        await WriteAsync(new AzureObjectStore((await servers.Azurite).Options), "head.json", ["{}"], end: "");

        await Assert.ThrowsAsync<AuditException>(() => BeginAsync(log, "TerminateRun", "ana"));
    }

    /// <summary>The file holds it then.</summary>
    private async Task BeginAndCloseAsync(string act, string by)
    {
        await using AuditLog log = await OpenAsync();
        await BeginAsync(log, act, by);
    }

    private async Task<AuditLog> OpenAsync(int maxFileBytes = 256 << 10) =>
        new(new AzureObjectStore((await servers.Azurite).Options), TimeProvider.System, _folder, maxFileBytes);

    private static async Task ActAsync(AuditLog log, int i) =>
        await log.EndAsync(await BeginAsync(log, "PurgeRun", "ana", $"/api/{i}"), 200, Token);

    private static Task<long> BeginAsync(AuditLog log, string act, string by, string target = "/api/runs/a/terminate") =>
        log.BeginAsync(act, target, by, $"key:{by}", "it hangs", Token);

    private async Task WriteAsync(AzureObjectStore store, string name, string[] lines, string end = "\n")
    {
        using MemoryStream body = new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + end))));
        await store.WriteAsync($"{_folder}/{name}", body, WriteCondition.Always, "application/json", Token);
    }
}
