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
                .All.Select(known => known.StartedBy)
                .OfType<string>()
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

    /// <summary>What these do is not for every operator to say, or is checked where it is asked for.</summary>
    [Theory]
    [InlineData("ApplyRetention", "the settings Retention:*")]
    [InlineData("CheckDrift", "POST /api/drift/checks")]
    [InlineData("DeliverWebhook", "POST /api/webhooks/{id}/deliveries/{delivery}/redeliver")]
    [InlineData("ExportData", "POST /api/exports")]
    [InlineData("IngestAsset", "POST /api/assets")]
    [InlineData("ReviseAsset", "POST /api/reanalysis")]
    public void Runs_OfWhatIsCheckedElsewhere_AreStartedThere_AndMayBeBegunAnew(string name, string starter)
    {
        KnownOrchestrator known = KnownOrchestrator.Find(name)!;

        Assert.Equal((starter, true), (known.StartedBy, known.MayRestart));
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

    [GeneratedRegex(@"WaitForExternalEvent<(\w+)>")]
    private static partial Regex Waits();
}
