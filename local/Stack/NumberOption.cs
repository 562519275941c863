using System.CommandLine;

namespace Serverless.Local.Stack;

/// <summary>A whole number within bounds, on the command line.</summary>
internal static class NumberOption
{
    public static Option<int> Create(string name, string description, int standard, int least, int most) =>
        Within(new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard }, least, most);

    /// <summary>Of the app that a command asks; null for the one that it was started with.</summary>
    public static Option<int?> PortOfApp() =>
        Within(new Option<int?>("--port") { Description = "Port of the Functions app; default the one it was started with" }, 1, 65535);

    private static T Within<T>(T option, int least, int most)
        where T : Option
    {
        option.Validators.Add(found =>
        {
            // What is no number at all is told by the parser.
            if (found.Tokens.Count == 1 && int.TryParse(found.Tokens[0].Value, out int number) && (number < least || number > most))
            {
                found.AddError($"{option.Name} is {number}; allowed are {least} to {most}.");
            }
        });
        return option;
    }
}
