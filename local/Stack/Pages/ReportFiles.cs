using System.Text.Encodings.Web;
using System.Text.Json;

namespace Serverless.Local.Stack.Pages;

/// <summary>Where a command leaves its report.</summary>
internal static class ReportFiles
{
    /// <summary>For files that people read too. None of it ever stands inside HTML, so that nothing need be escaped for that.</summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Before anything is measured, so that it is not measured for nothing.</summary>
    /// <exception cref="StackException">Nothing can be written there.</exception>
    public static void Demand(string folder)
    {
        try
        {
            string probe = Path.Combine(Directory.CreateDirectory(folder).FullName, $".probe-{Environment.ProcessId}");
            using FileStream written = new(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StackException(
                $"No report can be written to '{folder}' ({e.Message.TrimEnd('.')}). Name another folder with --out.",
                2
            );
        }
    }

    /// <summary>Writes NAME.json and NAME.html, and says where.</summary>
    public static async Task WriteAsync(string folder, string name, string json, string page, CancellationToken cancellationToken)
    {
        string full = Directory.CreateDirectory(folder).FullName;
        foreach ((string text, string extension) in new[] { (json, "json"), (page, "html") })
        {
            string file = Path.Combine(full, $"{name}.{extension}");
            await File.WriteAllTextAsync(file, text, cancellationToken);
            Console.WriteLine(file);
        }
    }
}
