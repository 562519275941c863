using System.CommandLine;
using System.Globalization;
using Serverless.Local.Stack.Pages;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Capacity;

namespace Serverless.Local.Stack.Load;

/// <summary><c>load</c>: sends requests to an app at moments of their own, whatever it answers, and reports what callers met.</summary>
internal static class LoadCommand
{
    private const string Highest = "max";
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    private static readonly Option<string?> At = new("--at")
    {
        Description = "Requests a second: 20, a ramp 5..50, several such with times (20 for 30s, 200 for 5s), or max to find the highest",
    };
    private static readonly Option<string?> Replay = new("--replay")
    {
        Description = "Captures (file or folder) to send again as they came",
    };
    private static readonly Option<string> Speed = new("--speed")
    {
        Description = "How much faster a replay is",
        DefaultValueFactory = _ => "1",
    };
    private static readonly Option<string> For = new("--for")
    {
        Description = "How long a rate without a time of its own lasts; of max each trial",
        DefaultValueFactory = _ => "30s",
    };
    private static readonly Option<string?> Address = new("--address")
    {
        Description = "Of a deployed app, with its key in the variable KEY; without it the stack that runs here",
    };
    private static readonly Option<string?> Mix = new("--mix")
    {
        Description = $"Sorts of requests and their shares: {LoadMix.Standard} (upload, predict:MODEL)",
    };
    private static readonly Option<string?> Bodies = new("--bodies")
    {
        Description = "File of JSON lines with requests of one's own instead of the samples",
    };
    private static readonly Option<string> Percentile = new("--percentile")
    {
        Description = "Of the objective",
        DefaultValueFactory = _ => "95",
    };
    private static readonly Option<string> Within = new("--within")
    {
        Description = "The time of the objective",
        DefaultValueFactory = _ => "500ms",
    };
    private static readonly Option<string> Errors = new("--errors")
    {
        Description = "The share that may fail",
        DefaultValueFactory = _ => "0.01",
    };
    private static readonly Option<string> Timeout = new("--timeout")
    {
        Description = "How long a request waits",
        DefaultValueFactory = _ => "30s",
    };
    private static readonly Option<int> Underway = NumberOption.Create("--most-underway", "Requests without an answer", 2_000, 1, 50_000);
    private static readonly Option<string> From = new("--from-rate") { Description = "Where max begins", DefaultValueFactory = _ => "5" };
    private static readonly Option<string> Most = new("--most-rate")
    {
        Description = "Where max ends at the latest",
        DefaultValueFactory = _ => "1000",
    };
    private static readonly Option<string> Precision = new("--precision")
    {
        Description = "How near max comes, as a share",
        DefaultValueFactory = _ => "0.1",
    };
    private static readonly Option<int> Repeats = NumberOption.Create("--repeats", "Trials of max at its end", 3, 1, 100);
    private static readonly Option<int> Seed = NumberOption.Create("--seed", "Of the arrivals", 1, 0, int.MaxValue / 2);
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Folder for load.json and load.html",
        DefaultValueFactory = _ => Path.Combine(Checkout.Root, "artifacts"),
    };

    /// <summary>Ends with 0 where the objective was kept, 2 for bad input, 3 where it was missed, 4 where the generator was late.</summary>
    public static Command Create(Option<string> data)
    {
        Command command = new("load", "Send searches, predictions and uploads at a rate, or find the highest that keeps an objective")
        {
            At,
            Replay,
            Speed,
            For,
            Address,
            Mix,
            Bodies,
            Percentile,
            Within,
            Errors,
            Timeout,
            Underway,
            From,
            Most,
            Precision,
            Repeats,
            Seed,
            Out,
            data,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(parsed, Path.GetFullPath(parsed.GetValue(data)!), TimeProvider.System, cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string data, TimeProvider time, CancellationToken cancellationToken)
    {
        LoadAsked asked = await ReadAsync(parsed, cancellationToken);
        ReportFiles.Demand(parsed.GetValue(Out)!);
        using HttpClient http = Connect(parsed.GetValue(Address), data);
        http.Timeout = TimeoutOf(parsed);
        LoadDocument document = await new LoadRun(asked, http, time).RunAsync(cancellationToken);
        Console.WriteLine(document.Verdict);
        await ReportFiles.WriteAsync(parsed.GetValue(Out)!, "load", document.ToJson(), document.ToPage(), cancellationToken);
        return document switch
        {
            { IsGood: true } => 0,
            { Last.Verdict: LoadVerdict.GeneratorBehind } => 4,
            _ => 3,
        };
    }

    private static async Task<LoadAsked> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LoadTerms terms = new(
            LoadObjective.Of(Number(parsed, Percentile), Durations.Parse("--within", parsed.GetValue(Within)!), Number(parsed, Errors)),
            parsed.GetValue(Underway),
            parsed.GetValue(Seed)
        );
        TimeSpan lasts = Durations.Parse("--for", parsed.GetValue(For)!);
        string at = parsed.GetValue(At) ?? "",
            replay = parsed.GetValue(Replay) ?? "";
        if (at.Length > 0 == replay.Length > 0)
        {
            throw new StackException("One of --at (AT=20, AT=5..50, AT=max) and --replay (REPLAY=captures) is needed.", 2);
        }
        IReadOnlyList<LoadBody> given = parsed.GetValue(Bodies) is { Length: > 0 } file
            ? await LoadBodies.ReadAsync(file, cancellationToken)
            : [];
        return new LoadAsked(
            terms,
            at,
            at is "" or Highest ? null : RateShape.Parse(at, lasts),
            at == Highest ? PlanOf(parsed, lasts) : null,
            replay.Length > 0 ? await CaptureReplay.ReadAsync(replay, given, cancellationToken) : null,
            Positive(parsed, Speed),
            LoadMix.Parse(parsed.GetValue(Mix) is { Length: > 0 } mix ? mix : null, given)
        );
    }

    private static TimeSpan TimeoutOf(ParseResult parsed) =>
        Durations.Parse(Timeout.Name, parsed.GetValue(Timeout)!) is var timeout && timeout <= LongestTimeout
            ? timeout
            : throw new StackException($"{Timeout.Name} is {parsed.GetValue(Timeout)}; expected is at most 1h.", 2);

    private static HttpClient Connect(string? address, string data)
    {
        if (address is not { Length: > 0 })
        {
            return HostConnection.OpenLocal(data);
        }
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? HostConnection.OpenDeployed(uri)
            : throw new StackException($"The address is '{address}'; expected is one such as https://app.azurewebsites.net.", 2);
    }

    private static CapacityPlan PlanOf(ParseResult parsed, TimeSpan lasts)
    {
        double from = Positive(parsed, From),
            most = Positive(parsed, Most),
            precision = Positive(parsed, Precision);
        return from <= most && most <= RateShape.MostASecond && precision is >= 0.01 and <= 1
            ? new CapacityPlan(from, most, precision, parsed.GetValue(Repeats), lasts)
            : throw new StackException(
                FormattableString.Invariant(
                    $"max goes from {from} to {most} by {precision}; expected is a rising range to {RateShape.MostASecond} and 0.01 to 1."
                ),
                2
            );
    }

    private static double Positive(ParseResult parsed, Option<string> option) =>
        Number(parsed, option) is > 0 and var number
            ? number
            : throw new StackException($"{option.Name} is {parsed.GetValue(option)}; expected is a number above 0.", 2);

    private static double Number(ParseResult parsed, Option<string> option) =>
        double.TryParse(parsed.GetValue(option), CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new StackException($"{option.Name} is '{parsed.GetValue(option)}'; expected is a number.", 2);
}
