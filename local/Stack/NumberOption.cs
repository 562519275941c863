using System.CommandLine;

namespace Serverless.Local.Stack;

/// <summary>A whole number within bounds, on the command line.</summary>
internal static class NumberOption
{
    public static Option<int> Create(string name, string description, int standard, int least, int most)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(found =>
        {
            // What is no number at all is told by the parser.
            if (found.Tokens.Count == 1 && int.TryParse(found.Tokens[0].Value, out int number) && (number < least || number > most))
            {
                found.AddError($"{name} is {number}; allowed are {least} to {most}.");
            }
        });
        return option;
    }
}
