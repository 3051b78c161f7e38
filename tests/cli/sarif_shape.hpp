/// What of SARIF 2.1.0 (OASIS Standard, errata 01) the gate's report uses, as the standard's own schema has
/// it: the properties of each object, their types, which are required, and GitHub's limits.  Anything else is
/// a mistake.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace halfopen::test {

class SarifShape {
   public:
    using Json = nlohmann::json;

    /// Empty, or the first thing that is not as it should be, with its JSON pointer.
    std::string mistake(const Json& log) {
        check(log, "log", "");
        return mistake_;
    }

   private:
    struct Property {
        std::string type;  ///< string, integer, uri, strings, an object's name, or "[name]": a list of those
        bool required = false;
        std::set<std::string> allowed{};  ///< of a string; empty: any
        std::size_t at_most = 0;          ///< of a list; 0: any number
    };
    using Object = std::map<std::string, Property>;

    static const std::map<std::string, Object>& objects() {
        constexpr bool required = true;
        static const std::set<std::string> levels{"none", "note", "warning", "error"};
        static const std::map<std::string, Object> all{
            {"log",
             {{"$schema", {"string"}},
              {"version", {"string", required, {"2.1.0"}}},
              {"runs", {"[run]", required, {}, 20}}}},
            {"run",
             {{"tool", {"tool", required}},
              {"automationDetails", {"automation"}},
              {"columnKind", {"string", false, {"utf16CodeUnits", "unicodeCodePoints"}}},
              {"results", {"[result]", false, {}, 5000}}}},
            {"tool", {{"driver", {"driver", required}}}},
            {"driver",
             {{"name", {"string", required}},
              {"semanticVersion", {"string"}},
              {"rules", {"[rule]", false, {}, 25000}}}},
            {"rule",
             {{"id", {"string", required}},
              {"shortDescription", {"message", false}},
              {"defaultConfiguration", {"configuration"}}}},
            {"configuration", {{"level", {"string", false, levels}}}},
            {"automation", {{"id", {"string"}}}},
            {"message", {{"text", {"string", required}}}},
            {"result",
             {{"ruleId", {"string", required}},
              {"ruleIndex", {"integer"}},
              {"level", {"string", false, levels}},
              {"message", {"message", required}},
              {"locations", {"[location]", false, {}, 100}},
              {"partialFingerprints", {"strings"}},
              {"suppressions", {"[suppression]"}},
              {"codeFlows", {"[flow]"}}}},
            {"suppression",
             {{"kind", {"string", required, {"inSource", "external"}}}, {"justification", {"string"}}}},
            {"flow", {{"threadFlows", {"[thread]", required}}}},
            {"thread", {{"locations", {"[step]", required, {}, 1000}}}},
            {"step", {{"location", {"location"}}, {"executionOrder", {"integer"}}}},
            {"location", {{"physicalLocation", {"physical"}}, {"message", {"message"}}}},
            {"physical", {{"artifactLocation", {"artifact", required}}, {"region", {"region"}}}},
            {"artifact", {{"uri", {"uri"}}}},
            {"region", {{"startLine", {"integer"}}}},
        };
        return all;
    }

    void say(const std::string& where, const std::string& what) {
        if (mistake_.empty()) mistake_ = (where.empty() ? "/" : where) + ": " + what;
    }

    void check(const Json& value, const std::string& name, const std::string& where) {
        if (!value.is_object()) return say(where, "is no object");
        const Object& object = objects().at(name);
        for (const auto& [key, property] : object)
            if (property.required && !value.contains(key)) say(where, "has no " + key);
        for (const auto& [key, one] : value.items()) {
            const auto at = object.find(key);
            if (at == object.end())
                say(where, "SARIF or this report has no property " + key);
            else
                check(one, at->second, where + "/" + key);
        }
    }

    void check(const Json& value, const Property& property, const std::string& where) {
        const std::string& type = property.type;
        if (type == "string" || type == "uri") {
            if (!value.is_string()) return say(where, "is no string");
            const auto text = value.get<std::string>();
            if (!property.allowed.empty() && property.allowed.count(text) == 0)
                say(where, "may not be " + text);
            if (type == "uri" && text.find_first_of(" \\\"<>^`{|}") != std::string::npos)
                say(where, "is no URI");
        } else if (type == "integer") {
            if (!value.is_number_integer() ||
                value.get<std::int64_t>() < (where.ends_with("startLine") ? 1 : 0))
                say(where, "is no such number");
        } else if (type == "strings") {
            for (const auto& [key, one] : value.items())
                if (!one.is_string()) say(where + "/" + key, "is no string");
        } else if (type.front() == '[') {
            if (!value.is_array()) return say(where, "is no list");
            if (property.at_most > 0 && value.size() > property.at_most)
                say(where, "is longer than GitHub shows");
            for (std::size_t i = 0; i < value.size(); ++i)
                check(value[i], type.substr(1, type.size() - 2), where + "/" + std::to_string(i));
        } else {
            check(value, type, where);
        }
    }

    std::string mistake_;
};

}  // namespace halfopen::test
