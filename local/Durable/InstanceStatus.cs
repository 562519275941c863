using DurableTask.Core;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Serverless.Local.Durable;

/// <summary>How an instance stands, in the extension's own terms.</summary>
internal static class InstanceStatus
{
    public static DurableOrchestrationStatus Of(OrchestrationState state, bool withInput) =>
        new()
        {
            Name = state.Name,
            InstanceId = state.OrchestrationInstance.InstanceId,
            CreatedTime = state.CreatedTime,
            LastUpdatedTime = state.LastUpdatedTime,
            RuntimeStatus = Enum.Parse<OrchestrationRuntimeStatus>(state.OrchestrationStatus.ToString()),
            CustomStatus = Parse(state.Status),
            Input = withInput ? Parse(state.Input) : null,
            Output = Parse(state.Output),
        };

    // Values are JSON mostly; a reason, for instance, is not.
    private static JToken? Parse(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        try
        {
            using JsonTextReader reader = new(new StringReader(value)) { DateParseHandling = DateParseHandling.None };
            return JToken.ReadFrom(reader);
        }
        catch (JsonReaderException)
        {
            return value;
        }
    }
}
