using System.Text.RegularExpressions;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.OpenApi;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Operations;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

public sealed partial class KnownOrchestratorTests
{
    [Fact]
    public void All_AreThoseOfTheCode() =>
        Assert.Equal(
            SourceTree
                .Files("*.cs")
                .Where(path => path.StartsWith("orchestrations/", StringComparison.Ordinal))
                .Where(path => SourceTree.Read(path).Contains("[OrchestrationTrigger]", StringComparison.Ordinal))
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Order(StringComparer.Ordinal),
            KnownOrchestrator.All.Select(known => known.Name)
        );

    /// <summary>Whatever code of an orchestration awaits is named by an orchestrator of its folder, where operators find it.</summary>
    [Fact]
    public void Events_ThatAreAwaited_AreNamed()
    {
        var awaited = SourceTree
            .Files("*.cs")
            .Where(path => path.StartsWith("orchestrations/", StringComparison.Ordinal))
            .SelectMany(path => Waits().Matches(SourceTree.Read(path)).Select(wait => (Folder: path.Split('/')[1], wait.Groups[1].Value)))
            .ToArray();
        var named = KnownOrchestrator
            .All.SelectMany(known => known.Events.Select(one => (FolderOf(known), NameOf(one.Payload))))
            .ToHashSet();

        Assert.NotEmpty(awaited);
        Assert.All(awaited, wait => Assert.Contains(wait, named));
    }

    [Fact]
    public void Routes_ThatAreNamed_AreThere()
    {
        string[] routes = [.. HttpRoute.All.Select(route => $"{route.Method.ToUpperInvariant()} {route.Path}")];
        string[] named =
        [
            .. KnownOrchestrator
                .All.SelectMany(known => known.StartedBy)
                .Where(starter => !starter.StartsWith("the settings ", StringComparison.Ordinal)),
            .. KnownOrchestrator
                .All.SelectMany(known => known.Events)
                .Select(one => one.RaisedBy)
                .OfType<string>()
                .Where(by => by.StartsWith("POST ", StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(named);
        Assert.All(named, route => Assert.Contains(route, routes));
    }

    /// <summary>With an answer that somebody else made an upload would count as processed that nobody has analysed.</summary>
    [Theory, InlineData("IngestAsset"), InlineData("ReviseAsset")]
    public void AnswersToJobs_AreNotForOperatorsToGive(string name)
    {
        Assert.Equal("gpu-batch and POST /api/jobs/{id}/cancel", KnownOrchestrator.Find(name)!.FindEvent("GpuCompleted")!.RaisedBy);
    }

    /// <summary>What these do is not for every operator to say, or is checked where it is asked for.</summary>
    [Theory]
    [InlineData("ApplyRetention", "the settings Retention:*")]
    [InlineData("CheckDrift", "POST /api/drift/checks")]
    [InlineData("DeliverWebhook", "POST /api/webhooks/{id}/deliveries/{delivery}/redeliver")]
    [InlineData("ExportData", "POST /api/exports")]
    [InlineData("IngestAsset", "POST /api/assets and POST /api/quarantine/{id}/redrive")]
    [InlineData("ReviseAsset", "POST /api/reanalysis")]
    public void Runs_OfWhatIsCheckedElsewhere_AreStartedThere_AndMayBeBegunAnew(string name, string starter)
    {
        KnownOrchestrator known = KnownOrchestrator.Find(name)!;

        Assert.Equal((starter, false, true), (known.Starters, known.MayStart, known.MayRestart));
    }

    /// <summary>Whoever asks for an act on many is sent to the place that does it: each route that begins one is named.</summary>
    [Fact]
    public void RoutesThatBeginActsOnMany_AreAllNamed()
    {
        string[] routes =
        [
            .. SourceTree
                .Files("*.cs")
                .Where(path => path.StartsWith("functions/Azure/", StringComparison.Ordinal))
                .SelectMany(path => Functions().Split(SourceTree.Read(path)).Where(body => body.Contains("return await acts.StartAsync(")))
                .Select(body => Routes().Match(body))
                .Select(route => $"{route.Groups[1].Value.ToUpperInvariant()} /{route.Groups[2].Value}"),
        ];

        Assert.Equal(routes.Order(StringComparer.Ordinal), KnownOrchestrator.Find("ActOnRuns")!.StartedBy.Order(StringComparer.Ordinal));
        Assert.Equal(
            "POST /api/runs/acts, POST /api/jobs/acts and POST /api/quarantine/redrive",
            KnownOrchestrator.Find("ActOnRuns")!.Starters
        );
        Assert.Equal("", KnownOrchestrator.Find("Reanalyse")!.Starters);
    }

    [Theory, InlineData("ingestasset"), InlineData("INGESTASSET"), InlineData("IngestAsset")]
    public void Names_AreTakenInAnyCase_AsTheEngineTakesThem(string name)
    {
        Assert.Equal(("IngestAsset", "IngestAsset"), (KnownOrchestrator.Find(name)!.Name, KnownOrchestrator.NameOf(name)));
        Assert.True(new OrchestrationMetadata(name, "a").IsOf("IngestAsset"));
        Assert.Equal("theirs", KnownOrchestrator.NameOf("theirs"));
    }

    private static string FolderOf(KnownOrchestrator known) =>
        SourceTree
            .Files("*.cs")
            .Single(path =>
                path.EndsWith($"/{known.Name}.cs", StringComparison.Ordinal) && path.StartsWith("orchestrations/", StringComparison.Ordinal)
            )
            .Split('/')[1];

    private static string NameOf(Type type) => type == typeof(bool) ? "bool" : type.Name;

    [GeneratedRegex(@"(?=\[Function\()")]
    private static partial Regex Functions();

    [GeneratedRegex("\"(\\w+)\", Route = \"([^\"]+)\"")]
    private static partial Regex Routes();

    [GeneratedRegex(@"WaitForExternalEvent<(\w+)>")]
    private static partial Regex Waits();
}
