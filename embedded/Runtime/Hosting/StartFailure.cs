namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>Ends the process with the problems as plain lines where a start failure would print a stack trace.</summary>
internal static class StartFailure
{
    private static int _installed;

    public static void ReportInOneLine()
    {
        if (Interlocked.Exchange(ref _installed, 1) == 0)
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            {
                if (Find(unhandled.ExceptionObject as Exception) is not { } failure)
                    return;
                foreach (var problem in failure.Problems)
                    Console.Error.WriteLine(problem);
                Environment.Exit(1);
            };
    }

    private static HostStartException? Find(Exception? exception) => exception switch
    {
        null => null,
        HostStartException failure => failure,
        AggregateException { InnerExceptions: [var only] } => Find(only),
        _ => null,
    };
}
