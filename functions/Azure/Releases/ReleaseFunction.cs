using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Alerts;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Promotion;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Releases;

/// <param name="Digest">Of the version's package.</param>
internal sealed record ReleasedVersion(int Version, string? Digest);

/// <summary>What one environment serves by, apart from its traffic.</summary>
/// <param name="Aliases">By model; only of those that serve.</param>
internal sealed record ReleasedEnvironment(IReadOnlyDictionary<string, ReleasedVersion> Aliases, PromotionPlan Plan);

/// <summary>What runs, as one document: beside another's, or an earlier one's, it shows what differs.</summary>
/// <param name="At">As of when.</param>
/// <param name="App">The version of the program.</param>
/// <param name="Host">host.json.</param>
/// <param name="Settings">By name; of secrets only that they are set.</param>
internal sealed record ReleaseAnswer(
    DateTimeOffset At,
    string App,
    JsonElement Host,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyDictionary<string, ReleasedEnvironment> Environments,
    IReadOnlyDictionary<string, AlertRule> AlertRules
);

/// <summary>Tells what is released here.</summary>
public sealed class ReleaseFunction(
    IConfiguration settings,
    RegistryOptions registry,
    ModelAliases aliases,
    PromotionPlans plans,
    AlertRulebook rulebook,
    TimeProvider time
)
{
    [Function("ShowRelease")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/release")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset at = time.GetUtcNow();
        Dictionary<string, ReleasedEnvironment> environments = [];
        foreach (string environment in registry.Environments)
        {
            environments[environment] = new(await AliasesAsync(environment, cancellationToken), plans[environment]);
        }
        return Answers.Json(
            new ReleaseAnswer(
                at,
                AppVersion.Current,
                await ReadHostAsync(cancellationToken),
                ReleaseSettings.Of(settings),
                environments,
                RulesAnswer.Of(await rulebook.ReadAsync(cancellationToken)).Rules
            )
        );
    }

    private async Task<SortedDictionary<string, ReleasedVersion>> AliasesAsync(string environment, CancellationToken cancellationToken)
    {
        SortedDictionary<string, ReleasedVersion> found = new(StringComparer.Ordinal);
        foreach (string name in await aliases.ListNamesAsync(environment, cancellationToken))
        {
            if (await aliases.FindAsync(environment, name, cancellationToken) is { } alias)
            {
                found[name] = new(alias.Version, alias.Digest);
            }
        }
        return found;
    }

    private static async Task<JsonElement> ReadHostAsync(CancellationToken cancellationToken)
    {
        byte[] host = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "host.json"), cancellationToken);
        using JsonDocument json = JsonDocument.Parse(host);
        return json.RootElement.Clone();
    }
}
