namespace Serverless.Local.Stack.Pages;

/// <summary>Where a command leaves its report.</summary>
internal static class ReportFiles
{
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
