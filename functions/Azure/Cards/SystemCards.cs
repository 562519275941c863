using Serverless.Alerts.Rules;
using Serverless.Audit;
using Serverless.Cards;
using Serverless.Drift;
using Serverless.Functions.Azure.Access;
using Serverless.Ingest.Models;
using Serverless.Orchestrations.Promotion;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Signatures;
using Serverless.Serving.Objectives;
using Serverless.Storage;
using Serverless.Validation.Golden;

namespace Serverless.Functions.Azure.Cards;

/// <summary>Puts the card of the whole system together. Thread-safe.</summary>
public sealed class SystemCards(
    ModelRegistry registry,
    ModelAliases aliases,
    VersionSignatures signatures,
    GoldenSets golden,
    PromotionPlans plans,
    RolesOptions roles,
    DriftOptions drift,
    ObjectiveOptions objectives,
    AlertRulebook rules,
    AuditLog acts,
    AccessOptions access,
    RegistryOptions options,
    CardOptions said,
    TimeProvider time
)
{
    internal async Task<Card> ReadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return Card.Of(
            "System card",
            "system",
            now,
            [
                SystemSections.Identity(said, options),
                SystemSections.Purpose(said),
                SystemSections.Inputs(roles),
                SystemSections.Data(await golden.ListAsync(cancellationToken)),
                await ServingAsync(cancellationToken),
                SystemSections.Oversight([.. options.Environments.Select(environment => (environment, plans[environment]))]),
                SystemSections.Monitoring(drift, objectives, await rules.ReadAsync(cancellationToken)),
                SystemSections.Security(
                    access.Follow(current => current).Current,
                    [.. options.Environments.Select(environment => (environment, signatures.IsDemanded(environment)))]
                ),
                SystemSections.Records(await acts.VerifyAsync(cancellationToken)),
            ]
        );
    }

    private async Task<CardSection> ServingAsync(CancellationToken cancellationToken)
    {
        List<string?[]> rows = [];
        foreach (string name in (await registry.ListNamesAsync(cancellationToken)).Take(CardText.MaxRows))
        {
            Listed<ModelManifest> versions = await registry.ListAsync(name, cancellationToken);
            List<string?> row = [name, versions.Items is [.., var last] ? $"{last.Task}" : null, CardText.Number(versions.Items.Count)];
            foreach (string environment in options.Environments)
            {
                row.Add(await ServedAsync(environment, name, cancellationToken));
            }
            rows.Add([.. row, CardText.List([.. roles.RolesOf(name).Select(role => $"{role}")]) ?? "none"]);
        }
        return SystemSections.Serving(rows, options.Environments);
    }

    private async Task<string> ServedAsync(string environment, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await aliases.FindAsync(environment, name, cancellationToken) is { } alias ? $"version {alias.Version}" : "none";
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
        {
            return "corrupt";
        }
    }
}
