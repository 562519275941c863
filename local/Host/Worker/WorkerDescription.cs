using System.Text.Json;

namespace Serverless.Local.Host.Worker;

/// <summary>How the app's worker is started, as its worker.config.json says.</summary>
internal sealed record WorkerDescription(string Executable, string Program)
{
    public static WorkerDescription Read(string appFolder)
    {
        string file = Path.Combine(appFolder, "worker.config.json");
        if (!File.Exists(file))
        {
            throw new HostStartException(
                $"{appFolder} holds no worker.config.json; make it with: dotnet publish functions/Azure -o {appFolder}"
            );
        }
        try
        {
            using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement description = config.RootElement.GetProperty("description");
            string program = Path.Combine(appFolder, description.GetProperty("defaultWorkerPath").GetString()!);
            return File.Exists(program)
                ? new WorkerDescription(description.GetProperty("defaultExecutablePath").GetString()!, program)
                : throw new HostStartException($"{file} names {program}, which does not exist; publish the app again.");
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HostStartException($"{file} is not a worker description: {malformed.Message}", malformed);
        }
    }
}
