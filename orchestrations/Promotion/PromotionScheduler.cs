using System.Security.Cryptography;
using System.Text;
using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Promotion;

/// <summary>Starts promotions and names them.</summary>
public static class PromotionScheduler
{
    /// <summary>What the ids of all promotions begin with.</summary>
    public const string IdPrefix = "promotion-";

    private const int DigestCharacters = 16;

    /// <summary>The same for the same key.</summary>
    public static string IdOf(string environment, string model, string key)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{environment}\n{model}\n{key}"));
        return BeginningOf(environment, model) + Convert.ToHexStringLower(digest)[..DigestCharacters];
    }

    /// <summary>
    /// Whether an id looks like one of a model's promotions to an environment; "a-b" in "dev" looks like "b" in "dev-a" too.
    /// </summary>
    public static bool IsOf(string id, string environment, string model)
    {
        string beginning = BeginningOf(environment, model);
        return id.Length == beginning.Length + DigestCharacters && id.StartsWith(beginning, StringComparison.Ordinal);
    }

    /// <summary>False when it was started before.</summary>
    public static Task<bool> StartAsync(
        this DurableTaskClient client,
        string id,
        PromotionInput input,
        CancellationToken cancellationToken
    ) => client.ScheduleOnceAsync(nameof(PromoteModel), input, id, cancellationToken);

    private static string BeginningOf(string environment, string model) => $"{IdPrefix}{environment}-{model}-";
}
