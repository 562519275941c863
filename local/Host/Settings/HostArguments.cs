namespace Serverless.Local.Host.Settings;

/// <summary>What the command line says; all paths are absolute.</summary>
internal sealed record HostArguments(string AppFolder, int Port, string? SettingsFile, string DataFolder)
{
    /// <summary>The folder, port and files are checked here, so that a wrong one is named before anything is started.</summary>
    public static HostArguments Create(string app, int port, string? settings, string data)
    {
        string folder = Path.GetFullPath(app);
        if (!Directory.Exists(folder))
        {
            throw new HostStartException($"The folder {folder} does not exist; make it with: dotnet publish functions/Azure -o {app}");
        }
        string? file = settings is null ? Path.Combine(folder, "local.settings.json") : Path.GetFullPath(settings);
        if (!File.Exists(file))
        {
            file = settings is null
                ? null
                : throw new HostStartException($"The settings file {file} does not exist; leave --settings out to use none.");
        }
        return new HostArguments(folder, port, file, Path.GetFullPath(data));
    }
}
