using System.CommandLine;
using Serverless.Local.Stack.Pages;

namespace Serverless.Local.Stack.Releases;

/// <summary><c>compare</c> and <c>release</c>.</summary>
internal static class ReleaseCommands
{
    private const string Places = "an environment that runs here, the address of an app (its key in the variable KEY), or a recorded file";

    private static readonly Option<string> From = new("--from") { Description = Places, Required = true };
    private static readonly Option<string> To = new("--to") { Description = Places, Required = true };
    private static readonly Option<string> Of = new("--of") { Description = "An environment that runs here, or an app", Required = true };
    private static readonly Option<string?> Record = new("--record") { Description = "File to write what runs to" };
    private static readonly Option<string?> Restore = new("--restore") { Description = "Recorded file to bring back" };
    private static readonly Option<string> By = new("--by") { Description = "Who asks", DefaultValueFactory = _ => Environment.UserName };

    public static Command CreateCompare(Option<string> data)
    {
        Command command = new("compare", "List what differs between two environments or recorded releases") { From, To, data };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                string folder = Path.GetFullPath(parsed.GetValue(data)!);
                Demand(
                    parsed.GetValue(From)!.Length > 0 && parsed.GetValue(To)!.Length > 0,
                    "FROM and TO are both",
                    "compare FROM=dev TO=prod"
                );
                ReleaseDocument from = await new ReleaseSource(parsed.GetValue(From)!, folder).ReadAsync(cancellationToken);
                ReleaseDocument to = await new ReleaseSource(parsed.GetValue(To)!, folder).ReadAsync(cancellationToken);
                return Tell(ReleaseDifference.Between(from, to), "Nothing differs.");
            }
        );
        return command;
    }

    public static Command CreateRelease(Option<string> data)
    {
        Command command = new("release", "Record what runs as one document, or bring a recorded one back")
        {
            Of,
            Record,
            Restore,
            By,
            data,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                string folder = Path.GetFullPath(parsed.GetValue(data)!);
                Demand(parsed.GetValue(Of)!.Length > 0, "OF is", "release OF=prod RECORD=file");
                ReleaseSource source = new(parsed.GetValue(Of)!, folder);
                return (parsed.GetValue(Record), parsed.GetValue(Restore)) switch
                {
                    ({ Length: > 0 } file, null) => await RecordAsync(source, file, cancellationToken),
                    (null, { Length: > 0 } file) => await RestoreAsync(source, file, folder, parsed.GetValue(By)!, cancellationToken),
                    _ => throw new StackException("One of --record FILE (RECORD=file) and --restore FILE (RESTORE=file) is needed.", 2),
                };
            }
        );
        return command;
    }

    private static async Task<int> RecordAsync(ReleaseSource source, string file, CancellationToken cancellationToken)
    {
        ReleaseDocument document = await source.ReadAsync(cancellationToken);
        try
        {
            await File.WriteAllTextAsync(file, document.Whole.ToJsonString(ReportFiles.Json) + "\n", cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StackException($"The release cannot be written to '{file}' ({e.Message.TrimEnd('.')}). Name another file.", 2);
        }
        Console.WriteLine($"{document.Environment} as of {document.At:u}, app {document.App}: {Path.GetFullPath(file)}");
        return 0;
    }

    /// <returns>0 where everything is as recorded then, 2 where something needs a deployment.</returns>
    private static async Task<int> RestoreAsync(
        ReleaseSource source,
        string file,
        string data,
        string by,
        CancellationToken cancellationToken
    )
    {
        ReleaseDocument now = await source.ReadAsync(cancellationToken);
        ReleaseDocument recorded = await new ReleaseSource($"{file}#{now.Environment}", data).ReadAsync(cancellationToken);
        using HttpClient http = source.Connect();
        await new ReleaseRestore(http, by).RunAsync(recorded, now, Console.WriteLine, cancellationToken);
        IReadOnlyList<ReleaseDifference> left = ReleaseDifference.Between(await source.ReadAsync(cancellationToken), recorded);
        if (left.Count > 0)
        {
            Console.WriteLine($"What is left needs a deployment of {recorded.App} with its settings (make apply):");
        }
        return Tell(left, "Everything is as it was recorded.");
    }

    private static void Demand(bool holds, string what, string example)
    {
        if (!holds)
        {
            throw new StackException($"{what} needed, for instance: make {example}", 2);
        }
    }

    private static int Tell(IReadOnlyList<ReleaseDifference> differences, string none)
    {
        foreach (ReleaseDifference difference in differences)
        {
            Console.WriteLine(difference);
        }
        if (differences.Count == 0)
        {
            Console.WriteLine(none);
        }
        return differences.Count == 0 ? 0 : 2;
    }
}
