using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Validation;

/// <summary>Starts validations and names them.</summary>
public static class ValidationScheduler
{
    /// <summary>The id of the run; the same key starts one run however often it comes.</summary>
    public static async Task<string> StartAsync(
        this DurableTaskClient client,
        ValidateModelInput input,
        string key,
        CancellationToken cancellationToken
    )
    {
        string id = $"validate-{input.Model}-{input.Version}-{input.Environment}-{key}";
        await client.ScheduleOnceAsync(nameof(ValidateModel), input, id, cancellationToken);
        return id;
    }
}
