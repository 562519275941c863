using System.Security.Cryptography;
using System.Text;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Promotion;

/// <summary>Starts promotions and names them.</summary>
public static class PromotionScheduler
{
    /// <summary>What the ids of all promotions begin with.</summary>
    public const string IdPrefix = "promotion-";

    private static readonly OrchestrationRuntimeStatus[] Known = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    /// <summary>The same for the same key.</summary>
    public static string IdOf(string environment, string model, string key) =>
        $"{IdPrefix}{environment}-{model}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{environment}\n{model}\n{key}")))[..16]}";

    /// <summary>False when it was started before.</summary>
    public static async Task<bool> StartAsync(this DurableTaskClient client, string id, PromotionInput input, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(PromoteModel), input, new StartOrchestrationOptions(id).WithDedupeStatuses(Known), cancellationToken);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }
}
