using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>What must be true of every environment, beyond what a provider would refuse.</summary>
internal static class Policy
{
    private static readonly Func<Applied, IEnumerable<string>>[] All =
    [
        AllowedValues.Check,
        Exposure.Check,
        BrowserUploads.Check,
        Encryption.Check,
        Roles.Check,
        Permissions.Check,
        DeadLetters.Check,
        AlertRunbooks.Check,
        Secrets.Check,
        Names.Check,
        KnownSettings.Check,
    ];

    /// <summary>A sentence for everything that is wrong, with the address of the resource.</summary>
    public static IReadOnlyList<string> FindingsIn(Applied applied) =>
        applied.Errors.Count > 0 ? applied.Errors : [.. All.SelectMany(check => check(applied))];
}
