using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>The runs that uploads to Azure start.</summary>
internal static class UploadRuns
{
    /// <summary>Null while the run has not ended.</summary>
    public static async Task<DateTimeOffset?> FindCreationAsync(
        PipelineClient client,
        AssetSource source,
        CancellationToken cancellationToken
    )
    {
        using HttpResponseMessage response = await client.Http.GetAsync($"runs/{source.InstanceId()}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        response.EnsureSuccessStatusCode();
        JsonElement run = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        bool isCompleted = string.Equals(run.GetProperty("status").GetString(), "Completed", StringComparison.OrdinalIgnoreCase);
        return isCompleted ? run.GetProperty("created").GetDateTimeOffset() : null;
    }
}
